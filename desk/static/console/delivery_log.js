// @ts-check
/** `<delivery-log>`: what one webhook was told, newest first; fires `resend` (detail = the delivery), `narrow` (detail = filters), `more`. */

import { hashOf } from "../desk/route.js";
import { placeInOrder } from "../shared/keyed.js";
import { fill, make } from "../staff/element.js";
import { duration, exactTime, stamp } from "../staff/moments.js";
import { answerWords, EVENTS, stateName, STATES, triesWords } from "./webhook_words.js";

/** @typedef {import("../staff/types.js").WebhookDelivery} WebhookDelivery */
/** @typedef {import("./webhook_book.js").WebhookBook} WebhookBook */

export class DeliveryLog extends HTMLElement {
  #heading = make("h2", { id: "log-title" }, "Deliveries");
  #state = make(
    "select",
    { id: "log-state" },
    make("option", { value: "" }, "Any state"),
    ...Object.entries(STATES).map(([value, words]) => make("option", { value }, words)),
  );
  #event = make(
    "select",
    { id: "log-event" },
    make("option", { value: "" }, "Any event"),
    ...EVENTS.map(([value]) => make("option", { value }, value)),
  );
  #empty = make("p", { class: "quiet log-empty", role: "status" });
  #list = make("ul", { class: "deliveries", "aria-labelledby": "log-title" });
  #more = make("button", { type: "button", class: "button" }, "Load more");
  /** @type {Map<string, {print: string, row: HTMLLIElement}>} */
  #rows = new Map();

  connectedCallback() {
    this.hidden = true;
    this.append(
      make(
        "div",
        { class: "log-head" },
        this.#heading,
        make("label", { class: "filter-field" }, make("span", null, "State"), this.#state),
        make("label", { class: "filter-field" }, make("span", null, "Event"), this.#event),
      ),
      this.#empty,
      this.#list,
      this.#more,
    );
    const narrow = () => {
      const detail = { state: this.#state.value, event: this.#event.value };
      this.dispatchEvent(new CustomEvent("narrow", { detail }));
    };
    this.#state.addEventListener("change", narrow);
    this.#event.addEventListener("change", narrow);
    this.#more.addEventListener("click", () => this.dispatchEvent(new Event("more")));
  }

  /** @param {WebhookBook} book */
  show({ chosen, deliveries, next, filters, ready }) {
    this.hidden = chosen === null;
    placeInOrder(this.#list, deliveries.map((one) => this.#row(one)));
    const shown = new Set(deliveries.map((one) => one.id));
    for (const id of this.#rows.keys()) if (!shown.has(id)) this.#rows.delete(id);
    this.#list.hidden = deliveries.length === 0;
    this.#empty.hidden = deliveries.length > 0;
    const nothing = filters.state || filters.event ? "Nothing like that." : "Nothing was told yet.";
    this.#empty.textContent = ready ? nothing : "Loading…";
    this.#more.hidden = !next;
  }

  /** @param {WebhookDelivery} delivery */
  #row(delivery) {
    const print = JSON.stringify(delivery);
    const known = this.#rows.get(delivery.id);
    if (known?.print === print) return known.row;
    const row = known?.row ?? make("li", { class: "delivery" });
    const open = row.querySelector("details")?.open ?? false;
    const focused = row.contains(document.activeElement) ? document.activeElement?.tagName : null;
    this.#fill(row, delivery, open);
    const same = focused && row.querySelector(focused);
    if (same instanceof HTMLElement) same.focus();
    this.#rows.set(delivery.id, { print, row });
    return row;
  }

  /**
   * @param {HTMLLIElement} row
   * @param {WebhookDelivery} delivery
   * @param {boolean} open
   */
  #fill(row, delivery, open) {
    const { created_at: at, duration_ms, next_try_at, state, tries } = delivery;
    const badge = make("span", { class: "badge delivery-state" }, stateName(delivery));
    badge.dataset.state = state;
    const resend = () => this.dispatchEvent(new CustomEvent("resend", { detail: delivery }));
    const answer = answerWords(delivery);
    fill(
      row,
      make(
        "p",
        { class: "delivery-head" },
        badge,
        make("b", null, delivery.event),
        tries > 0 && make("span", { class: "quiet" }, triesWords(tries)),
        answer && make("span", { class: state === "delivered" ? "quiet" : "bad" }, answer),
        duration_ms !== null && make("span", { class: "quiet" }, duration(duration_ms)),
        make("time", { class: "quiet", datetime: at, title: exactTime(at) }, stamp(at, new Date())),
        next_try_at !== null && tries > 0 &&
          make("span", { class: "quiet" }, `next try ${stamp(next_try_at, new Date())}`),
      ),
      make(
        "div",
        { class: "delivery-buttons" },
        make(
          "button",
          {
            type: "button",
            class: "button",
            onclick: resend,
            "aria-label": `Resend ${delivery.event}`,
          },
          "Resend",
        ),
      ),
      make(
        "details",
        { open },
        make("summary", null, "What is told"),
        make(
          "p",
          { class: "quiet" },
          `Delivery ${delivery.id} `,
          make("a", { href: `/desk${hashOf(delivery.conversation_id)}` }, "Open the conversation"),
        ),
        delivery.body
          ? make("pre", { tabindex: "0" }, JSON.stringify(delivery.body, null, 2))
          : make(
            "p",
            { class: "quiet" },
            "It is written at the next try, and kept for three days.",
          ),
      ),
    );
  }
}

customElements.define("delivery-log", DeliveryLog);
