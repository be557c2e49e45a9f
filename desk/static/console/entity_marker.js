// @ts-check
/** `<entity-marker>`: the open message, and what words of it are marked as; fires `marked`. */

import { fill, make } from "../staff/element.js";
import { readable } from "../staff/words.js";
import { MessageWords } from "./message_words.js";

/** @typedef {import("./review_words.js").Span} Span */

export class EntityMarker extends HTMLElement {
  /** @type {Span[]} */
  spans = [];
  #text = "";
  #shown = "";
  #words = new MessageWords();
  #marks = make("ul", { class: "entity-marks", "aria-label": "Marked" });
  #names = make("select", { id: "review-entity" });
  #problem = make("p", { class: "quiet small", role: "status" });

  connectedCallback() {
    if (this.#words.isConnected) return;
    const mark = () => this.#mark();
    this.#words.addEventListener("name", () => this.#names.focus());
    this.#names.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      mark();
    });
    const row = make(
      "div",
      { class: "entity-row" },
      make("label", { for: "review-entity", class: "visually-hidden" }, "Entity"),
      this.#names,
      make("button", { type: "button", class: "button", onclick: mark }, "Mark"),
    );
    this.append(this.#words, this.#marks, row, this.#problem);
  }

  /**
   * Shows a message without marks.
   *
   * @param {string} text
   * @param {readonly string[]} entities
   */
  show(text, entities) {
    this.spans = [];
    this.#text = text;
    const shown = entities.join();
    if (shown !== this.#shown) {
      this.#shown = shown;
      fill(
        this.#names,
        make("option", { value: "" }, "Select words above, then their kind…"),
        ...entities.map((name) => make("option", { value: name }, readable(name))),
      );
    }
    this.#names.value = "";
    this.#problem.textContent = "";
    this.#showMarks();
  }

  /** To choose words with the arrows. */
  focusWords() {
    this.#words.focus();
  }

  #mark() {
    const { chosen } = this.#words;
    const entity = this.#names.value;
    if (!chosen || !entity) {
      this.#problem.textContent = chosen
        ? "Choose what the selected words are."
        : "Select words of the message first.";
      return;
    }
    const apart = this.spans.filter(({ start, end }) => end <= chosen.start || start >= chosen.end);
    this.spans = [...apart, { ...chosen, entity }];
    this.#names.value = "";
    this.#problem.textContent = "";
    this.#showMarks();
    this.dispatchEvent(new Event("marked"));
  }

  #showMarks() {
    this.#words.show(this.#text, this.spans);
    const characters = [...this.#text];
    this.#marks.hidden = this.spans.length === 0;
    fill(
      this.#marks,
      ...this.spans.map((span) => {
        const words = characters.slice(span.start, span.end).join("");
        const clear = () => {
          this.spans = this.spans.filter((one) => one !== span);
          this.#showMarks();
          this.dispatchEvent(new Event("marked"));
        };
        return make(
          "li",
          null,
          `${words}: ${readable(span.entity)} `,
          make(
            "button",
            {
              type: "button",
              class: "link",
              "aria-label": `Remove the mark of “${words}”`,
              onclick: clear,
            },
            "Remove",
          ),
        );
      }),
    );
  }
}

customElements.define("entity-marker", EntityMarker);
