// @ts-check
/** `<privacy-notice>`: who one talks to and what is kept, before the first message; where consent is asked for, until it is given, and how to take it back. */
import { part } from "./part.js";

/** @typedef {{agree: (version: string) => Promise<void>, withdraw: () => Promise<void>, done: () => void}} Actions */

export class PrivacyNotice extends HTMLElement {
  /** @type {Actions | null} */
  #actions = null;
  #agreed = false;

  /** The words' version; "" where there is nothing to say. */
  get version() {
    return this.dataset.version ?? "";
  }

  get #asks() {
    return this.dataset.asks !== undefined;
  }

  /** Whether nothing may be sent yet. */
  get isNeeded() {
    return this.#asks && !this.#agreed;
  }

  /** @param {Actions} actions */
  connect(actions) {
    this.#actions = actions;
    if (!this.#asks) return;
    part(this, "agree").addEventListener("click", () => this.#say(actions.agree(this.version)));
    part(this, "withdraw").addEventListener("click", () => this.#say(actions.withdraw()));
  }

  /** @param {{agreedTo: unknown, isEmpty: boolean}} state */
  render({ agreedTo, isEmpty }) {
    if (this.version === "") return;
    this.#agreed = this.#asks && agreedTo === this.version;
    this.hidden = this.#asks ? false : !isEmpty;
    if (!this.#asks) return;
    part(this, "words").hidden = this.#agreed;
    part(this, "agree").hidden = this.#agreed;
    part(this, "agreed").hidden = !this.#agreed;
  }

  /** @override */
  focus() {
    part(this, "agree").focus();
  }

  /** @param {Promise<void>} said */
  async #say(said) {
    const problem = part(this, "privacy-problem");
    problem.textContent = "";
    try {
      await said;
      this.#actions?.done();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}
