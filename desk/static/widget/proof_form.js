// @ts-check
/** `<proof-form>`: who has written before proves it by a code that arrives there; fires `joined`. */
import { channelName } from "../shared/channels.js";
import { part } from "./part.js";
import { whyNot } from "./ways.js";

/** @typedef {import("./ways.js").Ways} Ways */

export class ProofForm extends HTMLElement {
  /** @type {Ways | null} */
  #ways = null;

  /** @param {readonly string[]} channels where somebody can have written before */
  connect(channels) {
    const options = channels.map((channel) => new Option(channelName(channel), channel));
    part(this, "proof-channel", HTMLSelectElement).replaceChildren(...options);
    part(this, "ask-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try(event, () => this.#ask());
    });
    part(this, "confirm-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try(event, () => this.#confirm());
    });
  }

  /** @param {Ways} ways */
  begin(ways) {
    this.#ways = ways;
    this.#say("");
    part(this, "confirm-form").hidden = true;
    part(this, "proof-code", HTMLInputElement).value = "";
  }

  async #ask() {
    const channel = part(this, "proof-channel", HTMLSelectElement).value;
    await this.#ways?.ask(channel, part(this, "proof-address", HTMLInputElement).value);
    this.#say("If we know you there, a code is on its way to you. Enter it below.");
    part(this, "confirm-form").hidden = false;
    part(this, "proof-code", HTMLInputElement).focus();
  }

  async #confirm() {
    await this.#ways?.confirm(part(this, "proof-code", HTMLInputElement).value);
    this.dispatchEvent(new Event("joined"));
  }

  /**
   * One request at a time, and its failure in words where it was asked for.
   * @param {SubmitEvent} event @param {() => Promise<void>} send
   */
  async #try(event, send) {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || button.disabled) return;
    button.disabled = true;
    try {
      await send();
    } catch (error) {
      this.#say(whyNot(error));
    } finally {
      button.disabled = false;
    }
  }

  /** @param {string} words */
  #say(words) {
    part(this, "proof-state").textContent = words;
  }
}
