// @ts-check
/** `<letter-list>`: what was given up on, newest first; fires `decide` (detail = the letter, the decision), `more`, `reload`. */

import { hashOf } from "../desk/route.js";
import { channelName } from "../shared/channels.js";
import { placeInOrder } from "../shared/keyed.js";
import { fill, make } from "../staff/element.js";
import { exactTime, stamp } from "../staff/moments.js";
import { stateName, whatFailed, writerName } from "./letter_words.js";

/** @typedef {import("../staff/types.js").DeadLetter} DeadLetter */
/** @typedef {import("./letters.js").Letters} Letters */

export class LetterList extends HTMLElement {
  #state = make("div", { class: "letters-state", role: "status" });
  #list = make("ul", { class: "letters", "aria-label": "Given up on, newest first" });
  #more = make("button", { type: "button", class: "button", hidden: true }, "Load more");
  /** @type {Map<string, {print: string, row: HTMLLIElement}>} */
  #rows = new Map();

  connectedCallback() {
    this.append(this.#state, this.#list, this.#more);
    this.#more.addEventListener("click", () => this.dispatchEvent(new Event("more")));
  }

  /** @param {Letters} letters */
  show({ items, next, state, problem }) {
    this.setAttribute("aria-busy", String(state !== "ready"));
    placeInOrder(this.#list, items.map((letter) => this.#row(letter)));
    const shown = new Set(items.map((letter) => letter.id));
    for (const id of this.#rows.keys()) if (!shown.has(id)) this.#rows.delete(id);
    this.#list.hidden = items.length === 0;
    this.#more.hidden = !next || problem !== null;
    this.#more.disabled = state === "more";
    this.#more.textContent = state === "more" ? "Loading…" : "Load more";
    this.#showState(items.length, state, problem);
  }

  /**
   * Puts the focus into the row at this place, or the last one; false when there is none.
   *
   * @param {number} index
   */
  focusRow(index) {
    const rows = this.#list.children;
    const button = rows[Math.min(index, rows.length - 1)]?.querySelector("button");
    button?.focus();
    return Boolean(button);
  }

  /**
   * @param {number} count
   * @param {Letters["state"]} state
   * @param {string|null} problem
   */
  #showState(count, state, problem) {
    this.#state.hidden = problem === null && count > 0;
    if (problem !== null) {
      const again = () => this.dispatchEvent(new Event("reload"));
      fill(
        this.#state,
        make("p", { class: "bad" }, problem),
        make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      );
    } else if (state === "loading") {
      fill(this.#state, make("p", { class: "quiet" }, "Loading…"));
    } else {
      fill(
        this.#state,
        make("p", null, "Nothing was given up on."),
        make(
          "p",
          { class: "quiet" },
          "Messages the bot fails at, and replies that do not arrive, wait here for you.",
        ),
      );
    }
  }

  /** @param {DeadLetter} letter */
  #row(letter) {
    const print = JSON.stringify(letter);
    const known = this.#rows.get(letter.id);
    if (known?.print === print) return known.row;
    const row = this.#build(letter);
    this.#rows.set(letter.id, { print, row });
    return row;
  }

  /** @param {DeadLetter} letter */
  #build(letter) {
    const at = letter.created_at;
    const textId = `text-of-${letter.id}`;
    const state = make("span", { class: "badge letter-state" }, stateName(letter));
    state.dataset.state = letter.state;
    /** @param {"resend"|"drop"} decision @param {string} words */
    const button = (decision, words) => {
      const detail = { letter, decision };
      const onclick = () => this.dispatchEvent(new CustomEvent("decide", { detail }));
      const attributes = { type: "button", class: "button", "aria-describedby": textId, onclick };
      return make("button", attributes, words);
    };
    return make(
      "li",
      { class: "letter" },
      make(
        "p",
        { class: "letter-head" },
        state,
        make("b", null, writerName(letter)),
        make("span", { class: "quiet" }, channelName(letter.channel)),
        make(
          "time",
          { class: "quiet", datetime: at, title: exactTime(at) },
          stamp(at, new Date()),
        ),
      ),
      make("p", { class: "letter-text", id: textId }, letter.text),
      make("p", { class: "letter-why quiet" }, whatFailed(letter)),
      make(
        "div",
        { class: "letter-buttons" },
        button("resend", "Resend"),
        button("drop", "Drop"),
        make(
          "a",
          { href: `/desk${hashOf(letter.conversation_id)}`, "aria-describedby": textId },
          "Open the conversation",
        ),
      ),
    );
  }
}

customElements.define("letter-list", LetterList);
