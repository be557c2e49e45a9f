// @ts-check
/** The head of the chat: who answers, how the connection is, and the way to a person. */
import { part } from "./part.js";
import { CONNECTION_WORDS, describeOwner } from "./owner.js";

/** @typedef {import("./chat.js").Chat} Chat */

export const PERSON_TEXT = "Talk to a person";
export const PERSON_PAYLOAD = "/contact_human_agent";

export class ChatHeader extends HTMLElement {
  #refocus = () => {};

  /** @param {{close: () => void, askForPerson: () => void, refocus: () => void, openWays: () => void}} actions */
  connect({ close, askForPerson, refocus, openWays }) {
    this.#refocus = refocus;
    part(this, "close", HTMLButtonElement).addEventListener("click", close);
    part(this, "person", HTMLButtonElement).addEventListener("click", askForPerson);
    // It is there where there are channels to lead to.
    this.querySelector('[data-part="ways-open"]')?.addEventListener("click", openWays);
  }

  /** @param {boolean} embedded without a host page there is nothing to close */
  set closable(embedded) {
    part(this, "close", HTMLButtonElement).hidden = !embedded;
  }

  /** @param {Chat} chat */
  render(chat) {
    const heard = chat.entries.findLast((entry) => entry.author !== "customer")?.event;
    const owner = describeOwner(chat.conversation, { heard });
    const asking = chat.entries.some((entry) =>
      entry.state !== "sent" && entry.text === PERSON_TEXT
    );
    this.dataset.owner = owner.kind;
    this.dataset.connection = chat.connection;
    this.#say("owner-title", owner.title);
    this.#say("owner-detail", owner.detail);
    this.#say("connection", CONNECTION_WORDS[chat.connection]);
    const person = part(this, "person", HTMLButtonElement);
    if (!owner.canAsk && document.activeElement === person) {
      this.#refocus();
    }
    person.hidden = !owner.canAsk;
    person.disabled = asking;
  }

  /**
   * These places are live regions: writing the same words again would have them read again.
   * @param {string} name @param {string} words
   */
  #say(name, words) {
    const place = part(this, name);
    if (place.textContent !== words) place.textContent = words;
  }
}
