// @ts-check
/** `<customer-search>`: who is known by what was typed; fires `ask` (detail = the words), `export` and `erase` (detail = the customer). */

import { channelName } from "../shared/channels.js";
import { dayLabel } from "../shared/format.js";
import { fill, make } from "../staff/element.js";
import { extent, nameOf } from "./customer_data_words.js";

/** @typedef {import("./customer_data_words.js").FoundCustomer} FoundCustomer */

export class CustomerSearch extends HTMLElement {
  #input = make("input", {
    id: "customer-who",
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 500,
    required: true,
    "aria-describedby": "customer-who-help",
  });
  #found = make("div", { class: "customer-found", role: "status" });

  connectedCallback() {
    const form = make(
      "form",
      { class: "customer-search", role: "search" },
      make("label", { for: "customer-who" }, "Whose data?"),
      make(
        "div",
        { class: "customer-search-row" },
        this.#input,
        make("button", { class: "button primary" }, "Find"),
      ),
      make(
        "p",
        { id: "customer-who-help", class: "quiet" },
        "An e-mail address, the shop's reference, a customer's id, or channel:address, such as " +
          "twilio:+15551234567.",
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const detail = this.#input.value.trim();
      if (detail) this.dispatchEvent(new CustomEvent("ask", { detail }));
    });
    this.append(make("h2", { class: "customer-head" }, "Find a customer"), form, this.#found);
  }

  /** @param {string} words */
  say(words) {
    fill(this.#found, make("p", { class: "quiet" }, words));
  }

  /** @param {string} words */
  fail(words) {
    fill(this.#found, make("p", { class: "bad" }, words));
  }

  /** @param {readonly FoundCustomer[]} customers */
  show(customers) {
    if (customers.length === 0) {
      this.say("Nobody is known by that. Receipts below may tell of an erasure.");
      return;
    }
    fill(
      this.#found,
      make(
        "ul",
        { class: "customers", "aria-label": "Found" },
        ...customers.map((one) => this.#row(one)),
      ),
    );
  }

  focusField() {
    this.#input.focus();
  }

  /** @param {FoundCustomer} customer */
  #row(customer) {
    const nameId = `name-of-${customer.id}`;
    /** @param {"export"|"erase"} type @param {string} label @param {string} look */
    const button = (type, label, look) => {
      const onclick = () => this.dispatchEvent(new CustomEvent(type, { detail: customer }));
      return make(
        "button",
        { type: "button", class: look, "aria-describedby": nameId, "data-does": type, onclick },
        label,
      );
    };
    const facts = [customer.email, customer.reference && `reference ${customer.reference}`];
    const seen = customer.last_seen_at ? ` · last: ${dayLabel(customer.last_seen_at)}` : "";
    return make(
      "li",
      { class: "customer" },
      make(
        "div",
        { class: "customer-who" },
        make("b", { id: nameId }, make("bdi", null, nameOf(customer))),
        ...facts.filter(Boolean).map((one) => make("span", null, make("bdi", null, one))),
        ...customer.addresses.map(({ channel, address }) =>
          make("span", { class: "quiet" }, `${channelName(channel)}: `, make("bdi", null, address))
        ),
        make("span", { class: "quiet" }, `${extent(customer)}${seen}`),
      ),
      make(
        "div",
        { class: "customer-buttons" },
        button("export", "Export", "button"),
        button("erase", "Erase…", "button danger"),
      ),
    );
  }
}

customElements.define("customer-search", CustomerSearch);
