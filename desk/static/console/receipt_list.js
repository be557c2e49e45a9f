// @ts-check
/** `<receipt-list>`: what was erased, newest first; fires `more` for the next page and `reload`. */

import { dayLabel, timeOfDay } from "../shared/format.js";
import { fill, make } from "../staff/element.js";
import { standing, total } from "./customer_data_words.js";

/** @typedef {import("./customer_data_words.js").Receipt} Receipt */

export class ReceiptList extends HTMLElement {
  #state = make("div", { class: "receipts-state", role: "status" });
  #list = make("ul", { class: "receipts", "aria-label": "Receipts" });
  #more = make("button", { type: "button", class: "button", hidden: true }, "Show more");

  connectedCallback() {
    this.#more.addEventListener("click", () => this.dispatchEvent(new Event("more")));
    this.append(
      make("h2", { class: "customer-head" }, "Receipts of erasures"),
      make(
        "p",
        { class: "quiet" },
        "A receipt says that it was done and how much of what. It does not say whose data it was: " +
          "search by what they were known by, and only their receipts are shown.",
      ),
      this.#state,
      this.#list,
      this.#more,
    );
  }

  /**
   * @param {object} page
   * @param {readonly Receipt[]} page.receipts
   * @param {boolean} page.more
   * @param {boolean} page.narrowed to those of who was searched for
   * @param {string|null} page.problem
   */
  show({ receipts, more, narrowed, problem }) {
    const open = new Set(
      [...this.querySelectorAll("details[open]")].map((one) => one.getAttribute("data-id")),
    );
    fill(this.#list, ...receipts.map((one) => this.#row(one, open.has(one.id))));
    this.#more.hidden = !more;
    if (problem !== null) {
      const again = () => this.dispatchEvent(new Event("reload"));
      fill(
        this.#state,
        make("p", { class: "bad" }, problem),
        make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      );
      return;
    }
    const nothing = narrowed
      ? "No receipt is of anybody known by that."
      : "Nothing was erased yet.";
    fill(this.#state, receipts.length === 0 ? make("p", { class: "quiet" }, nothing) : null);
  }

  /** @param {Receipt} receipt @param {boolean} open */
  #row(receipt, open) {
    const at = receipt.finished_at ?? receipt.created_at;
    const by = receipt.by ? make("bdi", null, receipt.by.name) : "the command line";
    return make(
      "li",
      null,
      make(
        "details",
        { class: "receipt", open, "data-id": receipt.id },
        make(
          "summary",
          null,
          make("b", null, standing(receipt)),
          ` · ${dayLabel(at)}, ${timeOfDay(at)} · ${total(receipt)} · by `,
          by,
        ),
        make("p", { class: "quiet" }, `Receipt ${receipt.id}`),
        make(
          "table",
          null,
          make("caption", { class: "visually-hidden" }, "What was erased"),
          make(
            "tbody",
            null,
            ...receipt.erased.map(({ title, count }) =>
              make("tr", null, make("th", { scope: "row" }, title), make("td", null, count))
            ),
          ),
        ),
        receipt.models.length > 0
          ? make("p", null, `Models that had learnt from it: ${receipt.models.join(", ")}.`)
          : make("p", { class: "quiet" }, "No model had learnt from it."),
      ),
    );
  }
}

customElements.define("receipt-list", ReceiptList);
