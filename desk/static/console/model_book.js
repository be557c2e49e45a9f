// @ts-check
/** The models, what a candidate would learn, who decided, and what a lead does; fires `change`. */

import { doorbell } from "../shared/doorbell.js";
import { get, inWords, post } from "../staff/api.js";

/**
 * @typedef {{taught: number, held_out: number, new_intents: number}} Lessons
 * @typedef {{examples: number, intents: number, accuracy: number, calibration_error: number,
 *   coverage: number}} CardFigures
 *
 * @typedef {object} Model
 * @property {string} id
 * @property {"training"|"candidate"|"live"|"retired"|"failed"|"pruned"} state
 * @property {string|null} made_from
 * @property {string} started_at
 * @property {{id: string, name: string}|null} started_by
 * @property {string|null} finished_at
 * @property {string|null} step
 * @property {number|null} share
 * @property {Lessons|null} lessons
 * @property {CardFigures|null} figures
 * @property {boolean|null} gate_passed
 * @property {string|null} error
 * @property {string|null} promoted_at
 * @property {{id: string, name: string}|null} promoted_by
 * @property {string|null} reason
 * @property {string|null} previous
 * @property {string|null} recalled_at
 *
 * @typedef {object} AuditEntry
 * @property {string} id
 * @property {string} action
 * @property {string} subject
 * @property {{id: string, name: string}|null} by
 * @property {Record<string, any>} details
 * @property {string} created_at
 */

const PAGE = 25;
const AUDIT = 20;
/** What bears on models, of all that stands in the audit log. */
const DECISIONS = "model,must_pass,labels,intent";

export class ModelBook extends EventTarget {
  /** @type {Model|null} */
  live = null;
  /** @type {Model|null} */
  training = null;
  /** @type {Model[]} */
  items = [];
  /** @type {string|null} */
  next = null;
  /** @type {Lessons|null} */
  lessons = null;
  /** @type {AuditEntry[]} */
  audit = [];
  ready = false;
  /** @type {string|null} */
  problem = null;
  /** Reads everything anew, as it may have changed. */
  load = doorbell(() => this.#read(true));
  /** The same while a training goes on, which says so every second: what it cannot change stays. */
  follow = doorbell(() => this.#read(false));

  async loadMore() {
    if (!this.next) return;
    try {
      const page = await get(`models?limit=${PAGE}&cursor=${encodeURIComponent(this.next)}`);
      const known = new Set(this.items.map((one) => one.id));
      this.items = [
        ...this.items,
        ...page.items.filter((/** @type {Model} */ one) => !known.has(one.id)),
      ];
      this.next = page.next;
    } catch (error) {
      this.problem = inWords(error);
    }
    this.#changed();
  }

  async train() {
    await post("models");
    await this.load();
  }

  /** @param {Model} model */
  async stop({ id }) {
    await post(`models/${encodeURIComponent(id)}/stop`);
    await this.load();
  }

  /**
   * @param {Model} model
   * @param {string} reason
   */
  async promote({ id }, reason) {
    await this.#decide(`models/${encodeURIComponent(id)}/promote`, reason);
  }

  /** @param {string} reason */
  async rollBack(reason) {
    await this.#decide("models/rollback", reason);
  }

  /**
   * @param {string} path
   * @param {string} reason
   */
  async #decide(path, reason) {
    // What this lead saw: if another was first, nothing is done and both learn of it.
    const expected = { expected_live: this.live?.id ?? null };
    await post(path, { ...expected, reason: reason.trim() || null });
    this.load();
  }

  /** @param {boolean} everything */
  async #read(everything) {
    try {
      const before = this.#states();
      const page = await get(`models?limit=${Math.max(PAGE, Math.min(200, this.items.length))}`);
      const { live, training, items, next } = page;
      Object.assign(this, { live, training, items, next, ready: true, problem: null });
      if (everything || before !== this.#states()) {
        const [lessons, audit] = await Promise.all([
          get("models/lessons"),
          get(`audit?action=${DECISIONS}&limit=${AUDIT}`),
        ]);
        Object.assign(this, { lessons, audit: audit.items });
      }
    } catch (error) {
      this.problem = inWords(error);
    }
    this.#changed();
  }

  #states() {
    return this.items.map(({ id, state }) => `${id} ${state}`).join();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
