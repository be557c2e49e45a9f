// @ts-check
/**
 * Messages the customer wrote that the server has not confirmed: one at a time, in order, kept across reloads.
 * Each keeps the id it was given when written, so that sending it again is harmless.
 */
import { backoff } from "../shared/backoff.js";
import { ApiError } from "./api.js";
import { newId } from "./identity.js";

/** @typedef {import("./model.js").Message} Message */
/** @typedef {{id: string, text: string, payload: string | null, at: string, state: "sending" | "waiting" | "failed", error: string | null, attempts: number}} Item */

const GIVE_UP_AFTER = 4;

export class Outbox {
  #store;
  #send;
  #onChange;
  #onSent;
  #sleep;
  #pumping = false;
  #stopped = false;
  /** @type {(() => void) | null} */
  #wake = null;
  /** @type {Item[]} */
  #items;

  /**
   * @param {object} parts
   * @param {import("./storage.js").Store} parts.store
   * @param {(item: Item) => Promise<Message>} parts.send
   * @param {(message: Message) => void} parts.onSent  called before the item leaves the outbox
   * @param {() => void} parts.onChange
   * @param {(ms: number) => Promise<void>} [parts.sleep]
   */
  constructor({ store, send, onSent, onChange, sleep }) {
    this.#store = store;
    this.#send = send;
    this.#onSent = onSent;
    this.#onChange = onChange;
    this.#sleep = sleep ?? ((ms) => new Promise((done) => setTimeout(done, ms)));
    this.#items = store.names("outbox:").map((name) => store.get(name)).filter(isItem)
      .sort((one, other) => one.at.localeCompare(other.at));
    for (const item of this.#items) {
      if (item.state !== "failed") item.state = "waiting";
    }
  }

  /** @returns {readonly Item[]} */
  get items() {
    return this.#items;
  }

  /** @param {string} text @param {string | null} [payload] */
  add(text, payload = null) {
    /** @type {Item} */
    const item = {
      id: newId(),
      text,
      payload,
      at: new Date().toISOString(),
      state: "sending",
      error: null,
      attempts: 0,
    };
    this.#items.push(item);
    this.#store.set(`outbox:${item.id}`, item);
    this.#onChange();
    this.#pump();
  }

  /** Takes up what waits, at once: for a connection that came back, or a customer who pressed "Try again". @param {string} [id] */
  retry(id) {
    for (const item of this.#items) {
      const chosen = id === undefined ? item.error === null : item.id === id;
      if (item.state === "failed" && chosen) item.state = "waiting";
      if (item.state === "waiting") item.attempts = 0;
    }
    this.#onChange();
    this.#wake?.();
    this.#pump();
  }

  /** @param {string} id */
  discard(id) {
    this.#items = this.#items.filter((item) => item.id !== id);
    this.#store.set(`outbox:${id}`, null);
    this.#onChange();
  }

  stop() {
    this.#stopped = true;
    this.#wake?.();
  }

  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    for (;;) {
      const item = this.#next();
      if (item === undefined || this.#stopped) break;
      await this.#attempt(item);
    }
    this.#pumping = false;
  }

  /** The oldest there is to send: what only the connection kept back goes before what came later. */
  #next() {
    if (this.#items.every((item) => item.state === "failed")) return undefined;
    const item = this.#items.find((each) => each.state !== "failed" || each.error === null);
    if (item?.state === "failed") {
      item.state = "waiting";
      item.attempts = 0;
    }
    return item;
  }

  /** @param {Item} item */
  async #attempt(item) {
    item.state = item.attempts === 0 ? "sending" : item.state;
    this.#onChange();
    try {
      const message = await this.#send(item);
      if (this.#stopped) return;
      this.#onSent(message);
      this.discard(item.id);
    } catch (error) {
      if (this.#stopped) return;
      await this.#recover(item, error);
    }
  }

  /** @param {Item} item @param {unknown} error */
  async #recover(item, error) {
    const passing = error instanceof ApiError && error.passing;
    item.attempts += 1;
    if (!passing || item.attempts >= GIVE_UP_AFTER) {
      item.state = "failed";
      // Only what the server refused has its words; the rest is tried again when the connection returns.
      item.error = passing ? null : error instanceof Error ? error.message : String(error);
      this.#store.set(`outbox:${item.id}`, item);
      this.#onChange();
      return;
    }
    item.state = "waiting";
    this.#onChange();
    const woken = new Promise((done) => this.#wake = () => done(undefined));
    const pause = Math.max(backoff(item.attempts), error.retryAfterMs);
    await Promise.race([this.#sleep(pause), woken]);
    this.#wake = null;
  }
}

/** @param {any} value @returns {value is Item} */
function isItem(value) {
  return typeof value?.id === "string" && typeof value.text === "string" &&
    typeof value.at === "string";
}
