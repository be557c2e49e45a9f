// @ts-check
/** The conversations that a search found, in the server's order; fires `change`. */

import { get, inWords } from "../staff/api.js";
import { queryOf } from "./tag_words.js";

/** @typedef {import("../staff/types.js").Conversation} Conversation */
/** @typedef {import("../staff/types.js").FoundLine} FoundLine */
/** @typedef {Conversation & {found: FoundLine|null}} Listed */

export class Found extends EventTarget {
  /** What is searched for; nothing when this is empty. */
  words = "";
  /** @type {Listed[]} */
  conversations = [];
  /** @type {string|null} */
  next = null;
  /** @type {string|null} */
  problem = null;
  loaded = false;
  #asking = new AbortController();
  /** @type {string|null} what of it is on its way */
  #under = null;

  get active() {
    return this.words !== "";
  }

  /**
   * What was found before stays on the screen until the answer is there.
   *
   * @param {string} words
   */
  async search(words) {
    const asked = words.trim();
    if (asked === this.words && this.problem === null) return;
    if (!this.active || asked === "") {
      this.conversations = [];
      this.next = null;
      this.loaded = false;
    }
    this.words = asked;
    this.problem = null;
    this.next = null;
    this.#asking.abort();
    this.#changed();
    if (this.active) await this.#fetch(null);
  }

  /** Asked for twice, it comes once. */
  async more() {
    if (this.next === null || this.next === this.#under) return;
    this.#under = this.next;
    await this.#fetch(this.next);
    this.#under = null;
  }

  /** @param {string|null} cursor */
  async #fetch(cursor) {
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const query = new URLSearchParams(queryOf(this.words));
    if (cursor) query.set("cursor", cursor);
    try {
      /** @type {import("../staff/types.js").Page<Listed>} */
      const { items, next } = await get(`conversations?${query}`, { signal });
      this.conversations = cursor ? [...this.conversations, ...items] : items;
      this.next = next;
      this.loaded = true;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = inWords(error);
    }
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
