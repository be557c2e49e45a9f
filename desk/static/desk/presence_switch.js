// @ts-check
/** `<presence-switch>`: whether this agent takes new customers, and how many they have of what they can. */

import { get, inWords, put } from "../staff/api.js";
import { make } from "../staff/element.js";

/** @typedef {import("../staff/types.js").Agent} Agent */

/** @type {Record<Agent["presence"], string>} */
export const PRESENCE = { online: "Online", away: "Away", wrap_up: "Wrap-up" };

/** Fires `problem` (detail = words) when the server did not take the change. */
export class PresenceSwitch extends HTMLElement {
  #select = make(
    "select",
    { "aria-label": "Your presence", disabled: true },
    ...Object.entries(PRESENCE).map(([value, words]) => make("option", { value }, words)),
  );
  #load = make("span", { class: "presence-load" });
  /** @type {Agent["presence"]} */
  #known = "online";
  /** @type {number|null} */
  #capacity = null;
  #taken = 0;
  /** @type {Agent|null} what this agent serves, once that is known */
  agent = null;

  connectedCallback() {
    this.append(this.#select, this.#load);
    this.#select.addEventListener("change", () => this.#change());
  }

  /** @param {import("../staff/live.js").LiveSocket} live */
  watch(live) {
    live.addEventListener("resync", () => this.refresh());
    live.addEventListener("frame", (event) => {
      const frame = /** @type {CustomEvent} */ (event).detail;
      if (frame.type === "presence") this.show(frame.agent);
    });
  }

  async refresh() {
    try {
      this.show(await get("me/presence"));
    } catch {
      // The bar says that the connection is lost; the next resync asks again.
    }
  }

  /** @param {Agent} agent */
  show(agent) {
    const { presence, capacity } = agent;
    this.agent = agent;
    this.#known = presence;
    this.#capacity = capacity;
    this.#select.value = presence;
    this.#select.disabled = false;
    this.dataset.presence = presence;
    this.#count();
  }

  /** @param {number} load how many conversations they have: the desk knows, and hears of each change */
  set load(load) {
    this.#taken = load;
    this.#count();
  }

  #count() {
    if (this.#capacity === null) return;
    const words = `${this.#taken} of ${this.#capacity}`;
    if (this.#load.textContent === words) return;
    this.#load.textContent = words;
    this.#load.title = `You have ${words} conversations`;
  }

  async #change() {
    try {
      this.show(await put("me/presence", { presence: this.#select.value }));
    } catch (error) {
      this.#select.value = this.#known;
      this.dispatchEvent(new CustomEvent("problem", { detail: inWords(error) }));
    }
  }
}

customElements.define("presence-switch", PresenceSwitch);
