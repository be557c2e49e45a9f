// @ts-check
/** Who changed what: the audit log, narrowed by what stands in the address, live. */

import "../staff/staff_bar.js";
import "./audit_filters.js";
import "./audit_table.js";
import { doorbell } from "../shared/doorbell.js";
import { get, inWords } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { AuditFilterBar } from "./audit_filters.js";
import { AuditTable } from "./audit_table.js";
import { addressOf, queryOf, readFilters } from "./audit_words.js";

/** @typedef {import("./audit_words.js").AuditEntry} AuditEntry */

const PAGE = 50;
const LARGEST_PAGE = 200;
// Not every change has an event of its own, such as a command's.
const LOOK_MS = 15_000;

class AuditPage {
  bar = find(document, "staff-bar", StaffBar);
  filterBar = find(document, "audit-filters", AuditFilterBar);
  table = find(document, "audit-table", AuditTable);
  live = new LiveSocket();
  filters = readFilters(location.search);
  /** @type {{people: {id: string, name: string}[], actions: string[]}} */
  choices = { people: [], actions: [] };
  /** @type {ReadonlyMap<string, string>} */
  names = new Map();
  /** @type {AuditEntry[]} */
  entries = [];
  /** @type {string|null} */
  next = null;
  loading = true;
  /** @type {string|null} */
  problem = null;
  load = doorbell(() => this.#read(null));

  start() {
    this.filterBar.addEventListener("change-filters", (event) => {
      this.filters = /** @type {CustomEvent} */ (event).detail;
      const address = addressOf(this.filters).toString();
      history.pushState(null, "", address ? `?${address}` : location.pathname);
      this.#startOver();
    });
    addEventListener("popstate", () => {
      this.filters = readFilters(location.search);
      this.#startOver();
    });
    this.table.addEventListener("more", () => this.#read(this.next));
    this.table.addEventListener("reload", () => this.load());
    this.live.addEventListener("resync", () => this.load());
    this.live.addEventListener("frame", (event) => {
      const { type } = /** @type {CustomEvent} */ (event).detail;
      if (!["ping", "ready", "typing", "attendance", "looking"].includes(type)) this.load();
    });
    setInterval(() => !document.hidden && this.load(), LOOK_MS);
    this.bar.watch(this.live);
    this.live.start();
    this.#show();
    this.#choices();
    this.load();
  }

  #startOver() {
    this.entries = [];
    this.next = null;
    this.loading = true;
    this.#show();
    this.load();
  }

  async #choices() {
    try {
      const [people, actions] = await Promise.all([
        get("users?limit=200"),
        get("audit/actions"),
      ]);
      this.choices = { people: people.items, actions: actions.items };
      this.names = new Map(this.choices.people.map(({ id, name }) => [id, name]));
      this.#show();
    } catch {
      // The list says what is wrong; without choices it can still be read.
    }
  }

  /** @param {string|null} cursor */
  async #read(cursor) {
    const { filters } = this;
    const shown = Math.min(Math.max(this.entries.length, PAGE), LARGEST_PAGE);
    const query = queryOf(filters);
    query.set("limit", String(cursor ? PAGE : shown));
    if (cursor) query.set("cursor", cursor);
    try {
      /** @type {{items: AuditEntry[], next: string|null}} */
      const page = await get(`audit?${query}`);
      if (filters !== this.filters) return; // chosen anew meanwhile, and rung for
      this.#take(page, cursor);
      this.problem = null;
    } catch (error) {
      this.problem = inWords(error);
    }
    this.loading = false;
    this.#show();
  }

  /**
   * What was read further down stays: lines are only added, above.
   *
   * @param {{items: AuditEntry[], next: string|null}} page
   * @param {string|null} cursor
   */
  #take({ items, next }, cursor) {
    const known = new Set(this.entries.map(({ id }) => id));
    const added = items.filter(({ id }) => !known.has(id));
    const last = items.at(-1)?.id ?? "";
    if (cursor) {
      this.entries = [...this.entries, ...added];
      this.next = next;
    } else if (this.entries.length > 0 && (known.has(last) || next === null)) {
      this.entries = [...added, ...this.entries];
    } else {
      this.entries = items;
      this.next = next;
    }
  }

  #show() {
    this.filterBar.show(this.filters, this.choices);
    this.table.show(this.entries, {
      more: this.next !== null,
      loading: this.loading,
      problem: this.problem,
      names: this.names,
    });
  }
}

new AuditPage().start();
