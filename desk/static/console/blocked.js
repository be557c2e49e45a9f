// @ts-check
/** Who is blocked: joins the list and a lead's decisions to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./block_list.js";
import { get, inWords, remove } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { BlockList } from "./block_list.js";

/** @typedef {import("../staff/types.js").Block} Block */

// A burst of changes is one look.
const SETTLE_MS = 500;

class BlockedPage {
  bar = find(document, "staff-bar", StaffBar);
  list = find(document, "block-list", BlockList);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  /** @type {Block[]} */
  items = [];
  /** @type {string|null} where the next page begins */
  next = null;
  over = false;
  ready = false;
  /** @type {string|null} */
  problem = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #settling;
  #round = 0;

  start() {
    this.list.addEventListener("reload", () => this.load());
    this.list.addEventListener("more", () => this.load(this.next));
    this.list.addEventListener("choose", (event) => {
      Object.assign(this, {
        over: /** @type {CustomEvent} */ (event).detail,
        items: [],
        ready: false,
      });
      this.list.show(this);
      this.load();
    });
    this.list.addEventListener("lift", (event) => {
      this.lift(/** @type {CustomEvent} */ (event).detail);
    });
    this.live.addEventListener("resync", () => this.load());
    this.live.addEventListener("frame", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === "conversation") this.loadSoon();
    });
    this.bar.watch(this.live);
    this.live.start();
    this.list.show(this);
    this.load();
  }

  loadSoon() {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.load();
    }, SETTLE_MS);
  }

  /** @param {string|null} [after] with it, the page below what is shown */
  async load(after = null) {
    const round = ++this.#round;
    try {
      const place = after ? `&cursor=${encodeURIComponent(after)}` : "";
      const { items, next } = await get(`blocks?over=${this.over}${place}`);
      if (round !== this.#round) return;
      const known = after ? [...this.items, ...items] : items;
      Object.assign(this, { items: known, next, ready: true, problem: null });
    } catch (error) {
      if (round !== this.#round) return;
      this.problem = inWords(error);
    }
    this.list.show(this);
  }

  /** @param {Block} block */
  async lift({ id, customer }) {
    try {
      await remove(`blocks/${encodeURIComponent(id)}`);
      await this.load();
      this.status.say(`${customer.name} is answered again.`);
      this.list.takeFocus();
    } catch (error) {
      this.status.say(inWords(error));
    }
  }
}

new BlockedPage().start();
