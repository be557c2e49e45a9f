// @ts-check
/** The turns that are shown, page by page, and those that happened since; fires `change`. */

import { get, inWords } from "../staff/api.js";
import { matches, queryOf } from "./filters.js";

/** @typedef {import("../staff/types.js").Turn} Turn */
/** @typedef {import("../staff/types.js").Page<Turn>} TurnPage */
/** @typedef {import("./filters.js").Filters} Filters */

const PAGE = 50;

export class TurnLog extends EventTarget {
  /** @type {Turn[]} */
  turns = [];
  /** @type {string|null} */
  next = null;
  /** @type {"loading"|"more"|"ready"} */
  state = "loading";
  /** @type {string|null} */
  problem = null;
  /** Ids of turns that match and are not shown yet. */
  fresh = /** @type {Set<string>} */ (new Set());
  #fetching = new AbortController();

  /** @param {Filters} filters */
  constructor(filters) {
    super();
    this.filters = filters;
  }

  /** @param {Filters} filters */
  async load(filters) {
    this.filters = filters;
    this.state = "loading";
    this.fresh.clear();
    this.#changed();
    await this.#fetch(null);
  }

  async loadMore() {
    if (this.state !== "ready" || !this.next) return;
    this.state = "more";
    this.#changed();
    await this.#fetch(this.next);
  }

  /**
   * After a gap in the live frames: what is read stays where it is, what is new is only announced.
   */
  async lookForNew() {
    if (this.state !== "ready" || this.problem) return this.load(this.filters);
    try {
      const page = await this.#page(null, undefined);
      const known = new Set(this.turns.map((turn) => turn.id));
      for (const turn of page.items) if (!known.has(turn.id)) this.fresh.add(turn.id);
      this.#changed();
    } catch {
      // The connection's own state says it; the next reconnect looks again.
    }
  }

  /** Labels came or went somewhere: what is shown stays in its place, with the labels it has now. */
  async lookForLabels() {
    if (this.state !== "ready" || this.turns.length === 0) return;
    const shown = this.turns;
    /** @type {Map<string, Turn>} */
    const found = new Map();
    try {
      /** @type {string|null} */
      let cursor = null;
      do {
        const page = await this.#page(cursor, undefined);
        for (const turn of page.items) found.set(turn.id, turn);
        cursor = page.next;
      } while (cursor && !found.has(shown[shown.length - 1].id));
    } catch {
      return; // as above
    }
    if (this.turns !== shown) return;
    this.turns = shown.map((turn) => found.get(turn.id) ?? turn);
    this.#changed();
  }

  /** @param {Turn} turn */
  announce(turn) {
    if (!matches(this.filters, turn) || this.turns.some((known) => known.id === turn.id)) return;
    this.fresh.add(turn.id);
    this.#changed();
  }

  /** @param {string|null} cursor */
  async #fetch(cursor) {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    const { signal } = this.#fetching;
    try {
      const page = await this.#page(cursor, signal);
      this.turns = cursor === null ? page.items : [...this.turns, ...page.items];
      this.next = page.next;
      this.problem = null;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = inWords(error);
    }
    this.state = "ready";
    this.#changed();
  }

  /**
   * @param {string|null} cursor
   * @param {AbortSignal|undefined} signal
   * @returns {Promise<TurnPage>}
   */
  #page(cursor, signal) {
    const query = queryOf(this.filters);
    query.set("limit", String(PAGE));
    if (cursor) query.set("cursor", cursor);
    return get(`turns?${query}`, { signal });
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
