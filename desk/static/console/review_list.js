// @ts-check
/** `<review-list>`: the messages to label; fires `open` and `select` (detail = the index; `select` also `range`). */

import { fill, make } from "../staff/element.js";
import { intentName } from "../staff/words.js";

/** @typedef {import("./review_words.js").ReviewItem} ReviewItem */

export class ReviewList extends HTMLElement {
  #list = make("ol", { class: "review-items", "aria-label": "Messages to review" });
  #state = make("div", { class: "table-state", role: "status" });
  /** @type {string|undefined} */
  #open;

  connectedCallback() {
    this.append(this.#state, this.#list);
  }

  /**
   * @param {object} shown
   * @param {readonly ReviewItem[]} shown.items
   * @param {number} shown.at
   * @param {ReadonlySet<string>} shown.selected
   * @param {boolean} shown.ready
   * @param {string|null} shown.problem
   */
  show({ items, at, selected, ready, problem }) {
    const focused = document.activeElement;
    const had = this.contains(focused);
    const box = [...this.#list.children].findIndex((row) => row.querySelector("input") === focused);
    this.#state.hidden = items.length > 0 && problem === null;
    if (problem !== null) {
      const retry = () => this.dispatchEvent(new Event("reload"));
      const again = make(
        "button",
        { type: "button", class: "button", onclick: retry },
        "Try again",
      );
      fill(this.#state, make("p", { class: "bad" }, problem), again);
    } else if (!ready) {
      fill(this.#state, make("p", { class: "quiet" }, "Looking for messages…"));
    } else if (items.length === 0) {
      fill(
        this.#state,
        make("p", null, "All done. Nothing waits for a label."),
        make("p", { class: "quiet" }, "What the bot is unsure of next appears here by itself."),
      );
    }
    fill(this.#list, ...items.map((item, index) => this.#row(item, index, at, selected)));
    const current = this.#list.children[at]?.querySelector("button");
    const kept = this.#list.children[box]?.querySelector("input") ?? current;
    if (had || document.activeElement === document.body) kept?.focus({ preventScroll: true });
    // Whoever scrolls the list on is left alone while the same message is open.
    const open = items[at]?.turn.id;
    if (open !== this.#open) current?.scrollIntoView({ block: "nearest" });
    this.#open = open;
  }

  /** To the open message. */
  focusOpen() {
    const open = this.querySelector("button[aria-current]");
    if (open instanceof HTMLElement) open.focus({ preventScroll: true });
  }

  /**
   * @param {ReviewItem} item
   * @param {number} index
   * @param {number} at
   * @param {ReadonlySet<string>} selected
   */
  #row({ turn, waiting }, index, at, selected) {
    /** @param {string} type @param {object} detail */
    const tell = (type, detail) => this.dispatchEvent(new CustomEvent(type, { detail }));
    const box = make("input", {
      type: "checkbox",
      "aria-label": `Select “${turn.text}”`,
      checked: selected.has(turn.id),
      onclick: (/** @type {MouseEvent} */ event) =>
        tell("select", { index, range: event.shiftKey }),
    });
    const read = turn.intent ? intentName(turn.intent) : "Not understood";
    const button = make(
      "button",
      {
        type: "button",
        "aria-current": index === at ? "true" : null,
        onclick: () => tell("open", { index }),
      },
      make("span", { class: "review-text" }, turn.text),
      make(
        "span",
        { class: "quiet small" },
        waiting > 1 ? `${read} · ${waiting} alike` : read,
      ),
    );
    return make("li", { "data-selected": selected.has(turn.id) }, box, button);
  }
}

customElements.define("review-list", ReviewList);
