// @ts-check
/** Something of a conversation that is read beside it: it may come later, and its absence breaks nothing. */

import { get } from "../staff/api.js";

/**
 * Read again whenever the conversation has moved on. Fires `change`.
 *
 * @template T
 */
export class Alongside extends EventTarget {
  /** @type {T[]} */
  items = [];
  #path;
  #get;
  /** @type {string|null} */
  #key = null;
  #underWay = new AbortController();

  /**
   * @param {string} path below `/api/v1/`
   * @param {typeof get} [read]
   */
  constructor(path, read = get) {
    super();
    this.#path = path;
    this.#get = read;
  }

  /**
   * Nothing is read for a key that was read before.
   *
   * @param {string} key how far the conversation is
   */
  async follow(key) {
    if (key === this.#key) return;
    this.#key = key;
    this.close();
    this.#underWay = new AbortController();
    const { signal } = this.#underWay;
    try {
      const { items } = await this.#get(this.#path, { signal });
      if (signal.aborted) return;
      this.items = items;
      this.dispatchEvent(new Event("change"));
    } catch {
      // The conversation says itself when the server is away; asked again, this may come.
      if (!signal.aborted) this.#key = null;
    }
  }

  close() {
    this.#underWay.abort();
  }
}
