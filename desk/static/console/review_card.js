// @ts-check
/** `<review-card>`: the open message and what can be said of it; fires `label` (detail = the intent or null), `other`, `undo`. */

import { fill, make } from "../staff/element.js";
import { exactTime } from "../staff/moments.js";
import { intentName, outcomeName, readable, reasonName } from "../staff/words.js";
import { afterwards, OUT_OF_SCOPE, placeOf, rankedIntents } from "./review_words.js";
import { confidenceBar } from "./turn_table.js";

/** @typedef {import("./review_words.js").ReviewItem} ReviewItem */
/** @typedef {import("./review_words.js").Span} Span */

export class ReviewCard extends HTMLElement {
  /** @type {Span[]} of the open message */
  spans = [];
  /** @type {ReviewItem|null} */
  #item = null;
  #shown = "";
  #words = make("blockquote", { tabindex: "0", "aria-label": "Message" });

  /**
   * @param {ReviewItem|null} item
   * @param {number} selected how many messages the next label goes to beside it
   */
  show(item, selected) {
    if (item?.turn.id !== this.#item?.turn.id) this.spans = [];
    this.#item = item;
    // What is being entered stays while the same is shown again.
    const shown = JSON.stringify([item, selected]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.hidden = item === null;
    if (!item) return fill(this);
    const { turn } = item;
    this.#showWords();
    /** @param {string|null} intent */
    const label = (intent) => () =>
      this.dispatchEvent(new CustomEvent("label", { detail: intent }));
    const ranked = rankedIntents(turn).map(({ intent, confidence }, index) =>
      make(
        "button",
        { type: "button", class: "review-choice", onclick: label(intent) },
        make("kbd", null, index + 1),
        make("span", null, intentName(intent)),
        confidenceBar(confidence),
      )
    );
    /** @param {string} key @param {string} words @param {() => void} does */
    const action = (key, words, does) =>
      make(
        "button",
        { type: "button", class: "button", onclick: does },
        make("kbd", null, key),
        words,
      );
    const link = `/console/turns?c=${turn.conversation_id}&turn=${turn.id}`;
    const why = turn.reason
      ? `${outcomeName(turn.outcome)}: ${reasonName(turn.reason)}`
      : outcomeName(turn.outcome);
    fill(
      this,
      this.#words,
      this.#entities(),
      make("p", { class: "quiet" }, [why, afterwards(item)].filter(Boolean).join(" · ")),
      selected > 0
        ? make(
          "p",
          { class: "review-many" },
          `${selected} selected: the next label goes to all of them.`,
        )
        : item.waiting > 1
        ? make(
          "p",
          { class: "review-many" },
          `The label goes to ${item.turn_ids.length} messages with these words.`,
        )
        : null,
      make("h2", null, "What is it about?"),
      make("div", { class: "review-choices" }, ...ranked),
      make(
        "div",
        { class: "review-actions" },
        action("/", "Another…", () => this.dispatchEvent(new Event("other"))),
        action("o", "Out of scope", label(OUT_OF_SCOPE)),
        action("s", "Skip", label(null)),
        action("u", "Undo", () => this.dispatchEvent(new Event("undo"))),
      ),
      make(
        "p",
        { class: "quiet small" },
        [exactTime(turn.created_at), turn.model && `model ${turn.model}`].filter(Boolean).join(
          " · ",
        ),
        " · ",
        make("a", { href: link }, "Conversation"),
      ),
    );
  }

  #showWords() {
    const text = [...(this.#item?.turn.text ?? "")];
    let at = 0;
    /** @type {(Node|string)[]} */
    const parts = [];
    for (const { start, end, entity } of [...this.spans].sort((a, b) => a.start - b.start)) {
      parts.push(text.slice(at, start).join(""));
      parts.push(make("mark", { title: readable(entity) }, text.slice(start, end).join("")));
      at = end;
    }
    fill(this.#words, ...parts, text.slice(at).join(""));
  }

  #entities() {
    const known = [...new Set((this.#item?.turn.entities ?? []).map(({ entity }) => entity))];
    const field = make("input", {
      id: "review-entity",
      list: "review-entities",
      placeholder: "Select words above, then name them",
      autocomplete: "off",
    });
    const mark = () => {
      const span = this.#selection;
      const entity = field.value.trim();
      if (!span || !entity) return;
      this.spans = [...this.spans.filter((one) => one.end <= span.start || one.start >= span.end), {
        ...span,
        entity,
      }];
      field.value = "";
      this.#selection = null;
      this.#showWords();
    };
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      mark();
    });
    return make(
      "div",
      { class: "review-entity" },
      make(
        "label",
        { for: "review-entity", class: "visually-hidden" },
        "Entity of the selected words",
      ),
      field,
      make(
        "datalist",
        { id: "review-entities" },
        ...known.map((value) => make("option", { value })),
      ),
      make("button", { type: "button", class: "button", onclick: mark }, "Mark"),
    );
  }

  /** @type {{start: number, end: number}|null} what was selected last in the message */
  #selection = null;

  connectedCallback() {
    document.addEventListener("selectionchange", () => {
      const selection = document.getSelection();
      if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
      const range = selection.getRangeAt(0);
      if (!this.#words.contains(range.commonAncestorContainer)) return;
      const before = range.cloneRange();
      before.selectNodeContents(this.#words);
      before.setEnd(range.startContainer, range.startOffset);
      const start = placeOf(before.toString());
      this.#selection = { start, end: start + placeOf(range.toString()) };
    });
  }
}

customElements.define("review-card", ReviewCard);
