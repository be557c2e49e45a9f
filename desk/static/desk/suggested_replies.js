// @ts-check
/** `<suggested-replies>`: up to three replies to the customer's newest message, each with where it is from. */

import { fill, make } from "../staff/element.js";

/** @typedef {import("../staff/types.js").Suggestion} Suggestion */

const SOURCES = { article: "Article", canned: "Canned reply" };

/** Fires `take` (detail = the suggestion): it goes into the draft, for the agent to edit. */
export class SuggestedReplies extends HTMLElement {
  /** @type {readonly Suggestion[]} */
  #items = [];

  connectedCallback() {
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", "Suggested replies");
    this.hidden = this.#items.length === 0;
  }

  /** @param {readonly Suggestion[]} items */
  show(items) {
    if (items.map(({ id }) => id).join() === this.#items.map(({ id }) => id).join()) return;
    this.#items = items;
    this.hidden = items.length === 0;
    fill(this, ...items.map((one, index) => this.#button(one, index + 1)));
  }

  /** @param {number} number from 1 */
  take(number) {
    const taken = this.#items[number - 1];
    if (taken) this.dispatchEvent(new CustomEvent("take", { detail: taken }));
  }

  /**
   * @param {Suggestion} one
   * @param {number} number
   */
  #button({ source, title, text }, number) {
    return make(
      "button",
      {
        type: "button",
        class: "suggested",
        title: text,
        "aria-keyshortcuts": `Alt+${number}`,
        onclick: () => this.take(number),
      },
      make("kbd", { "aria-hidden": "true" }, `Alt ${number}`),
      make("span", { class: "suggested-text" }, text),
      make(
        "span",
        { class: "suggested-source" },
        source === "answer" ? title : `${SOURCES[source]}: ${title}`,
      ),
    );
  }
}

customElements.define("suggested-replies", SuggestedReplies);
