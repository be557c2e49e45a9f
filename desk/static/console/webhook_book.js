// @ts-check
/** The subscriptions, the chosen one's log, and what a lead does to them; fires `change`. */

import { doorbell } from "../shared/doorbell.js";
import { get, inWords, patch, post, remove } from "../staff/api.js";

/** @typedef {import("../staff/types.js").Webhook} Webhook */
/** @typedef {import("../staff/types.js").WebhookDelivery} WebhookDelivery */

const MOST = 200;
const PAGE = 50;

export class WebhookBook extends EventTarget {
  /** @type {Webhook[]} */
  items = [];
  /** @type {string|null} */
  chosen = null;
  filters = { state: "", event: "" };
  /** @type {WebhookDelivery[]} */
  deliveries = [];
  /** @type {string|null} */
  next = null;
  ready = false;
  /** @type {string|null} */
  problem = null;
  /** Reads what is shown anew, as it may have changed. */
  load = doorbell(() => this.#read());

  /** @param {string} id */
  choose(id) {
    if (id !== this.chosen) {
      this.chosen = id;
      this.deliveries = [];
      this.next = null;
    }
    this.#changed();
    return this.load();
  }

  /** @param {{state: string, event: string}} filters */
  narrow(filters) {
    this.filters = filters;
    this.deliveries = [];
    this.next = null;
    return this.load();
  }

  async loadMore() {
    if (!this.next) return;
    const before = this.chosen;
    try {
      const page = await get(this.#log(PAGE, this.next));
      if (before !== this.chosen) return;
      const known = new Set(this.deliveries.map((one) => one.id));
      const added = page.items.filter((/** @type {WebhookDelivery} */ one) => !known.has(one.id));
      this.deliveries = [...this.deliveries, ...added];
      this.next = page.next;
    } catch (error) {
      this.problem = inWords(error);
    }
    this.#changed();
  }

  /**
   * @param {string} url
   * @param {string[]} events
   * @returns {Promise<Webhook & {secret: string}>}
   */
  async subscribe(url, events) {
    const made = await post("webhooks", { url, events });
    await this.choose(made.id);
    return made;
  }

  /**
   * @param {Webhook} webhook
   * @param {{url?: string, events?: string[], active?: boolean}} changes
   */
  async change({ id }, changes) {
    await patch(`webhooks/${encodeURIComponent(id)}`, changes);
    await this.load();
  }

  /** @param {Webhook} webhook */
  async end({ id }) {
    await remove(`webhooks/${encodeURIComponent(id)}`);
    await this.load();
  }

  /** @param {WebhookDelivery} delivery */
  async resend({ id }) {
    const webhook = encodeURIComponent(this.chosen ?? "");
    try {
      await post(`webhooks/${webhook}/deliveries/${encodeURIComponent(id)}/resend`);
    } finally {
      await this.load();
    }
  }

  async #read() {
    try {
      this.items = (await get(`webhooks?limit=${MOST}`)).items;
      if (!this.items.some((one) => one.id === this.chosen)) {
        this.chosen = this.items[0]?.id ?? null;
        this.deliveries = [];
        this.next = null;
      }
      if (this.chosen) {
        const asked = this.#log(Math.min(Math.max(this.deliveries.length, PAGE), MOST), null);
        const page = await get(asked);
        // Somebody may have chosen another meanwhile; then it has been rung for.
        if (asked === this.#log(Math.min(Math.max(this.deliveries.length, PAGE), MOST), null)) {
          this.deliveries = page.items;
          this.next = page.next;
        }
      }
      this.problem = null;
    } catch (error) {
      this.problem = inWords(error);
    }
    this.ready = true;
    this.#changed();
  }

  /**
   * @param {number} limit
   * @param {string|null} cursor
   */
  #log(limit, cursor) {
    const query = new URLSearchParams({ limit: String(limit) });
    for (const [name, value] of Object.entries(this.filters)) if (value) query.set(name, value);
    if (cursor) query.set("cursor", cursor);
    return `webhooks/${encodeURIComponent(this.chosen ?? "")}/deliveries?${query}`;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
