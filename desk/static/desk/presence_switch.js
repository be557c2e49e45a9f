// @ts-check
/** `<presence-switch>`: whether this agent takes new customers, and how many they have of what they can. */

import { get, inWords, put } from "../staff/api.js";
import { make } from "../staff/element.js";

/** @typedef {import("../staff/types.js").Agent} Agent */

/** @type {Record<Agent["presence"], string>} */
export const PRESENCE = { online: "Online", away: "Away", wrap_up: "Wrap-up" };

/** Fires `known` when it learnt how things are, and `problem` (detail = words) when the server did not take a change. */
export class PresenceSwitch extends HTMLElement {
  #select = make(
    "select",
    { "aria-label": "Your presence", disabled: true },
    ...Object.entries(PRESENCE).map(([value, words]) => make("option", { value }, words)),
  );
  #load = make("span", { class: "presence-load" });
  /** @type {number|null} */
  #capacity = null;
  #taken = 0;
  /** Done when the server knows what was chosen last: what depends on it waits. */
  settled = Promise.resolve();
  /** @type {Agent|null} what this agent serves, once that is known */
  agent = null;

  connectedCallback() {
    this.append(this.#select, this.#load);
    this.#select.addEventListener("change", () => {
      this.choose(/** @type {Agent["presence"]} */ (this.#select.value));
    });
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
    this.#capacity = capacity;
    this.#select.value = presence;
    this.#select.disabled = false;
    this.dataset.presence = presence;
    this.#count();
    this.dispatchEvent(new Event("known"));
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

  /** @param {Agent["presence"]} presence */
  choose(presence) {
    this.settled = this.#choose(presence);
  }

  /** @param {Agent["presence"]} presence */
  async #choose(presence) {
    try {
      this.show(await put("me/presence", { presence }));
    } catch (error) {
      this.#select.value = this.agent?.presence ?? presence;
      this.dispatchEvent(new CustomEvent("problem", { detail: inWords(error) }));
    }
  }
}

customElements.define("presence-switch", PresenceSwitch);
