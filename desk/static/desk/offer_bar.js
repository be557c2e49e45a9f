// @ts-check
/** `<offer-bar>`: a customer who is offered to this agent, for as long as they may decide; or that offers were missed. It never takes the focus. */

import { fill, make } from "../staff/element.js";
import { offerWords, secondsLeft, wasSetAway } from "./offer.js";

/** @typedef {import("../staff/types.js").Conversation} Conversation */

const LAST_SECONDS = 10;

/** Fires `accept` and `decline` (detail = the hand-off's id) and `return` (they are there again). */
export class OfferBar extends HTMLElement {
  #line = make("p", { class: "offer-line" });
  #left = make("span", { class: "offer-left", "aria-hidden": "true" });
  #buttons = make("span", { class: "offer-buttons" });
  // Told once: who listens does not want to hear every second.
  #told = make("p", { class: "visually-hidden", role: "status" });
  /** @type {Conversation|null} */
  #offered = null;
  #print = "";

  connectedCallback() {
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "Offer");
    this.append(
      make("div", { class: "offer", hidden: true }, this.#line, this.#left, this.#buttons),
      this.#told,
    );
  }

  /**
   * @param {Conversation|null} offered
   * @param {import("../staff/types.js").Agent|null} agent
   */
  show(offered, agent) {
    this.#offered = offered;
    const missed = !offered && wasSetAway(agent) ? agent?.missed_offers : null;
    const print = JSON.stringify([offered?.handoff?.id, offered?.handoff?.offer?.until, missed]);
    if (print === this.#print) return;
    this.#print = print;
    const box = /** @type {HTMLElement} */ (this.firstElementChild);
    const held = box.contains(document.activeElement);
    if (offered) this.#offer(offered);
    else if (missed) this.#missed(missed);
    else this.#tell("");
    box.hidden = !offered && !missed;
    if (held && box.hidden) this.dispatchEvent(new Event("left"));
    this.tick();
  }

  tick() {
    const until = this.#offered?.handoff?.offer?.until;
    this.#left.hidden = !until;
    if (!until) return;
    const left = secondsLeft(until, new Date());
    this.#left.textContent = `${left} s`;
    this.#left.classList.toggle("is-short", left <= LAST_SECONDS);
  }

  /** @param {Conversation} offered */
  #offer(offered) {
    const words = offerWords(offered);
    const until = offered.handoff?.offer?.until ?? "";
    fill(
      this.#line,
      make("span", { class: "quiet" }, "Offered to you "),
      make("b", null, offered.customer.name),
      ` · ${words}`,
    );
    const accept = this.#button("Accept", "accept", "button primary");
    accept.setAttribute("aria-keyshortcuts", "Alt+Y");
    accept.title = "Alt+Y";
    fill(this.#buttons, accept, this.#button("Decline", "decline", "button"));
    const seconds = secondsLeft(until, new Date());
    this.#tell(
      `${offered.customer.name} is offered to you for ${seconds} seconds. ${words}. Alt+Y accepts.`,
    );
  }

  /** @param {number} count */
  #missed(count) {
    const words =
      `You were set to away: ${count} customers in a row were offered to you, and you did not answer.`;
    fill(this.#line, words);
    fill(this.#buttons, this.#button("Go online", "return", "button"));
    this.#tell(words);
  }

  /**
   * @param {string} words
   * @param {string} event
   * @param {string} style
   */
  #button(words, event, style) {
    const press = () =>
      this.dispatchEvent(new CustomEvent(event, { detail: this.#offered?.handoff?.id }));
    return make("button", { type: "button", class: style, onclick: press }, words);
  }

  /** @param {string} words */
  #tell(words) {
    if (this.#told.textContent !== words) this.#told.textContent = words;
  }
}

customElements.define("offer-bar", OfferBar);
