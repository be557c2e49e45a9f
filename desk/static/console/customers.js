// @ts-check
/** Customers' data: joins the search, the export, the erasure and its receipts to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./customer_search.js";
import "./receipt_list.js";
import { get, inWords, remove } from "../staff/api.js";
import { find, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { confirmedBy, extent, isConfirmed, nameOf, total } from "./customer_data_words.js";
import { download } from "./customer_export.js";
import { CustomerSearch } from "./customer_search.js";
import { ReceiptList } from "./receipt_list.js";

/** @typedef {import("./customer_data_words.js").FoundCustomer} FoundCustomer */
/** @typedef {import("./customer_data_words.js").Receipt} Receipt */

class CustomersPage {
  bar = find(document, "staff-bar", StaffBar);
  search = find(document, "customer-search", CustomerSearch);
  list = find(document, "receipt-list", ReceiptList);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  who = "";
  /** @type {Receipt[]} */
  receipts = [];
  /** @type {string|null} */
  next = null;
  #round = 0;

  start() {
    this.search.addEventListener("ask", (event) => {
      this.who = /** @type {CustomEvent} */ (event).detail;
      this.look();
      this.load();
    });
    this.search.addEventListener("export", (event) => {
      this.export(/** @type {CustomEvent} */ (event).detail);
    });
    this.search.addEventListener("erase", (event) => {
      this.erase(/** @type {CustomEvent} */ (event).detail);
    });
    this.list.addEventListener("reload", () => this.load());
    this.list.addEventListener("more", () => this.load(this.next));
    this.live.addEventListener("resync", () => this.load());
    this.bar.watch(this.live);
    this.live.start();
    this.search.focusField();
    this.load();
  }

  async look() {
    this.search.say("Looking…");
    const who = this.who;
    try {
      const { items } = await get(`customers?${new URLSearchParams({ who })}`);
      if (who === this.who) this.search.show(items);
    } catch (error) {
      if (who === this.who) this.search.fail(inWords(error));
    }
  }

  /** @param {string|null} [cursor] */
  async load(cursor = null) {
    const round = ++this.#round;
    const asked = new URLSearchParams({
      ...(this.who && { who: this.who }),
      ...(cursor && { cursor }),
    });
    let problem = null;
    try {
      const page = await get(`erasures?${asked}`);
      if (round !== this.#round) return;
      this.receipts = cursor ? [...this.receipts, ...page.items] : page.items;
      this.next = page.next;
    } catch (error) {
      if (round !== this.#round) return;
      problem = inWords(error);
    }
    const { receipts, next, who } = this;
    this.list.show({ receipts, more: next !== null, narrowed: who !== "", problem });
  }

  /** @param {FoundCustomer} customer */
  async export(customer) {
    this.status.say(`Gathering what is held of ${nameOf(customer, "this customer")}…`);
    try {
      await download(customer.id);
      this.status.say("The export is in your downloads. It holds everything: keep it safe.");
    } catch (error) {
      this.status.say(inWords(error));
    }
  }

  /** @param {FoundCustomer} customer */
  erase(customer) {
    const name = nameOf(customer, "this customer");
    const wanted = confirmedBy(customer);
    const sure = make("input", {
      id: "erase-sure",
      autocomplete: "off",
      spellcheck: "false",
      required: true,
    });
    const check = () =>
      sure.setCustomValidity(
        isConfirmed(sure.value, wanted) ? "" : `Type “${wanted}” if this is the right person.`,
      );
    sure.addEventListener("input", check);
    check();
    openFormDialog({
      title: `Erase everything held of ${name}?`,
      confirm: "Erase for good",
      content: [
        make(
          "p",
          null,
          `This takes ${
            extent(customer)
          }, with messages, notes, files, hand-offs, labels and the ` +
            "training examples made of them. An open conversation is ended. Models that learnt " +
            "from them are withdrawn, and the live one is trained anew.",
        ),
        make("p", null, "It cannot be undone. Orders and accounts in the shop stay as they are."),
        make(
          "label",
          { for: "erase-sure" },
          "If this is the right person, type ",
          make("bdi", { class: "erase-wanted" }, wanted),
        ),
        sure,
      ],
      submit: async () => {
        const receipt = await remove(`customers/${encodeURIComponent(customer.id)}`);
        await Promise.all([this.look(), this.load()]);
        this.status.say(`Erased: ${total(receipt)}. The receipt is ${receipt.id}.`);
        setTimeout(() => this.search.focusField());
      },
    });
    sure.focus();
  }
}

new CustomersPage().start();
