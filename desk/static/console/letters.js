// @ts-check
/** The dead letters that are shown, and what a lead decides of them; fires `change`. */

import { doorbell } from "../shared/doorbell.js";
import { get, inWords, post } from "../staff/api.js";

/** @typedef {import("../staff/types.js").DeadLetter} DeadLetter */
/** @typedef {import("../staff/types.js").Page<DeadLetter>} LetterPage */

const PAGE = 50;
const LARGEST_PAGE = 200;

export class Letters extends EventTarget {
  /** @type {DeadLetter[]} */
  items = [];
  /** @type {string|null} */
  next = null;
  /** @type {"loading"|"more"|"ready"} */
  state = "loading";
  /** @type {string|null} */
  problem = null;
  /** Reads what is shown anew, as it may have changed. */
  load = doorbell(() => this.#read(null));

  async loadMore() {
    if (this.state !== "ready" || !this.next) return;
    this.state = "more";
    this.#changed();
    await this.#read(this.next);
  }

  /**
   * Rejects with what stands against it; the list is read anew either way.
   *
   * @param {DeadLetter} letter
   * @param {"resend"|"drop"} decision
   */
  async decide(letter, decision) {
    try {
      await post(`dead-letters/${encodeURIComponent(letter.id)}/${decision}`);
    } finally {
      await this.load();
    }
  }

  /** @param {string|null} cursor */
  async #read(cursor) {
    const shown = Math.min(Math.max(this.items.length, PAGE), LARGEST_PAGE);
    const query = new URLSearchParams({ limit: String(cursor ? PAGE : shown) });
    if (cursor) query.set("cursor", cursor);
    try {
      /** @type {LetterPage} */
      const page = await get(`dead-letters?${query}`);
      const known = new Set(cursor ? this.items.map((letter) => letter.id) : []);
      const added = page.items.filter((letter) => !known.has(letter.id));
      this.items = cursor ? [...this.items, ...added] : page.items;
      this.next = page.next;
      this.problem = null;
    } catch (error) {
      this.problem = inWords(error);
    }
    this.state = "ready";
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
