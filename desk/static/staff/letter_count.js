// @ts-check
/** `<letter-count>`: how much was given up on and waits for a lead; empty for nothing; fires `change`. */

import { doorbell } from "../shared/doorbell.js";
import { get } from "./api.js";
import { fill, make } from "./element.js";

// Not every failure rings, where several processes share a database without Redis.
const LOOK_MS = 60_000;

export class LetterCount extends HTMLElement {
  #count = 0;
  #ring = doorbell(() => this.#look());

  /** @param {import("./live.js").LiveSocket} live */
  watch(live) {
    live.addEventListener("resync", this.#ring);
    live.addEventListener("frame", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === "dead_letters") this.#ring();
    });
    setInterval(() => live.state === "live" && !document.hidden && this.#ring(), LOOK_MS);
  }

  async #look() {
    try {
      const { turn, delivery } = await get("dead-letters/counts");
      this.#show(turn + delivery);
    } catch {
      // The connection's own state says it; the next look tries again.
    }
  }

  /** @param {number} count */
  #show(count) {
    if (count === this.#count) return;
    this.#count = count;
    this.dispatchEvent(new Event("change"));
    if (count === 0) return fill(this);
    const words = `${count} given up on`;
    this.title = words;
    fill(
      this,
      make("span", { "aria-hidden": "true" }, count > 99 ? "99+" : count),
      make("span", { class: "visually-hidden" }, `, ${words}`),
    );
  }
}

customElements.define("letter-count", LetterCount);
