// @ts-check
/** `<webhook-list>`: who is told what happens; fires `choose`, `pause` and `end` (detail = the webhook), `create` and `reload`. */

import { placeInOrder } from "../shared/keyed.js";
import { fill, make } from "../staff/element.js";
import { standing } from "./webhook_words.js";

/** @typedef {import("../staff/types.js").Webhook} Webhook */
/** @typedef {import("./webhook_book.js").WebhookBook} WebhookBook */

export class WebhookList extends HTMLElement {
  #state = make("div", { class: "hooks-state", role: "status" });
  #list = make("ul", { class: "hooks", "aria-label": "Webhooks" });
  /** @type {Map<string, {print: string, row: HTMLLIElement}>} */
  #rows = new Map();

  connectedCallback() {
    const create = () => this.dispatchEvent(new Event("create"));
    this.append(
      make(
        "div",
        { class: "hooks-head" },
        make("p", { class: "quiet" }, "Programs of yours that are told what happens."),
        make("button", { type: "button", class: "button primary", onclick: create }, "New webhook"),
      ),
      this.#state,
      this.#list,
    );
  }

  /** @param {WebhookBook} book */
  show({ items, chosen, ready, problem }) {
    this.setAttribute("aria-busy", String(!ready));
    placeInOrder(this.#list, items.map((one) => this.#row(one, one.id === chosen)));
    const shown = new Set(items.map((one) => one.id));
    for (const id of this.#rows.keys()) if (!shown.has(id)) this.#rows.delete(id);
    this.#list.hidden = items.length === 0;
    this.#state.hidden = problem === null && items.length > 0;
    if (problem !== null) {
      const again = () => this.dispatchEvent(new Event("reload"));
      fill(
        this.#state,
        make("p", { class: "bad" }, problem),
        make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      );
    } else {
      fill(this.#state, make("p", null, ready ? "Nobody is told yet." : "Loading…"));
    }
  }

  /** Puts the focus on what follows one that is gone. */
  focusFirst() {
    const button = this.querySelector(".hook-choose") ?? this.querySelector("button");
    if (button instanceof HTMLElement) button.focus();
  }

  /**
   * @param {Webhook} webhook
   * @param {boolean} isChosen
   */
  #row(webhook, isChosen) {
    const print = JSON.stringify([webhook, isChosen]);
    const known = this.#rows.get(webhook.id);
    if (known?.print === print) return known.row;
    const row = known?.row ?? make("li", { class: "hook" });
    const focused = row.contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-does")
      : null;
    this.#fill(row, webhook, isChosen);
    if (focused) {
      const same = row.querySelector(`[data-does="${focused}"]`);
      if (same instanceof HTMLElement) same.focus();
    }
    this.#rows.set(webhook.id, { print, row });
    return row;
  }

  /**
   * @param {HTMLLIElement} row
   * @param {Webhook} webhook
   * @param {boolean} isChosen
   */
  #fill(row, webhook, isChosen) {
    const urlId = `url-of-${webhook.id}`;
    /** @param {string} type @param {string} words @param {string} style */
    const button = (type, words, style) => {
      const onclick = () => this.dispatchEvent(new CustomEvent(type, { detail: webhook }));
      return make(
        "button",
        { type: "button", class: style, "data-does": type, "aria-describedby": urlId, onclick },
        words,
      );
    };
    row.toggleAttribute("data-chosen", isChosen);
    const choose = button("choose", "", "hook-choose");
    choose.removeAttribute("aria-describedby");
    choose.setAttribute("aria-pressed", String(isChosen));
    choose.append(
      make("bdi", { class: "hook-url", id: urlId }, webhook.url),
      make("span", { class: webhook.given_up ? "bad" : "quiet" }, standing(webhook)),
      make("span", { class: "quiet hook-events" }, webhook.events.join(", ")),
    );
    fill(
      row,
      choose,
      make(
        "div",
        { class: "hook-buttons" },
        button("pause", webhook.active ? "Pause" : "Resume", "button"),
        button("end", "Delete", "button"),
      ),
    );
  }
}

customElements.define("webhook-list", WebhookList);
