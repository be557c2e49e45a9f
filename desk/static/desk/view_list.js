// @ts-check
/** `<view-list>`: the views of the desk with their counts; fires `choose` (detail = the view). */

import { make } from "../staff/element.js";
import { VIEWS } from "./views.js";

/** @typedef {import("./views.js").View} View */

export class ViewList extends HTMLElement {
  /** @type {Map<View, {button: HTMLButtonElement, count: HTMLElement}>} */
  #items = new Map();

  connectedCallback() {
    const nav = make("nav", { "aria-label": "Views" });
    for (const { id, name } of VIEWS) {
      const count = make("span", { class: "view-count" });
      const choose = () => this.dispatchEvent(new CustomEvent("choose", { detail: id }));
      const button = make(
        "button",
        { type: "button", class: "view", onclick: choose },
        name,
        count,
      );
      button.dataset.view = id;
      this.#items.set(id, { button, count });
      nav.append(button);
    }
    this.append(nav);
  }

  /**
   * @param {View} current
   * @param {Record<View, {count: number, more: boolean}>} counts `more`: there are unloaded ones
   */
  show(current, counts) {
    for (const [view, { button, count }] of this.#items) {
      if (view === current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      const number = counts[view].count;
      count.textContent = `${number}${counts[view].more ? "+" : ""}`;
      button.classList.toggle("is-calling", view === "waiting" && number > 0);
    }
  }
}

customElements.define("view-list", ViewList);
