// @ts-check
/** The head of the chat: who answers, how the connection is, and the way to a person. */
import { part } from "./part.js";
import { CONNECTION_WORDS, describeOwner } from "./owner.js";

/** @typedef {import("./chat.js").Chat} Chat */

export class ChatHeader extends HTMLElement {
  #announced = "";

  /** @param {{close: () => void, askForPerson: () => void}} actions */
  connect({ close, askForPerson }) {
    part(this, "close", HTMLButtonElement).addEventListener("click", close);
    part(this, "person", HTMLButtonElement).addEventListener("click", askForPerson);
  }

  /** @param {boolean} embedded without a host page there is nothing to close */
  set closable(embedded) {
    part(this, "close", HTMLButtonElement).hidden = !embedded;
  }

  /** @param {Chat} chat */
  render(chat) {
    const owner = describeOwner(chat.conversation);
    const asking = chat.entries.some((entry) => entry.state !== "sent" && entry.author === "customer" && entry.text === PERSON_TEXT);
    this.dataset.owner = owner.kind;
    this.dataset.connection = chat.connection;
    part(this, "owner-title").textContent = owner.title;
    part(this, "owner-detail").textContent = owner.detail;
    part(this, "connection").textContent = CONNECTION_WORDS[chat.connection];
    const person = part(this, "person", HTMLButtonElement);
    if (!owner.canAsk && document.activeElement === person) {
      document.querySelector("textarea")?.focus();
    }
    person.hidden = !owner.canAsk;
    person.disabled = asking;
    this.#announce(`${owner.title}. ${owner.detail}`, chat.loaded);
  }

  /**
   * Says a change of owner once; what is there when the chat opens is read as part of the page.
   * @param {string} words @param {boolean} aloud
   */
  #announce(words, aloud) {
    if (words === this.#announced) return;
    if (aloud && this.#announced !== "") part(this, "announcer").textContent = words;
    this.#announced = words;
  }
}

export const PERSON_TEXT = "Talk to a person";
export const PERSON_PAYLOAD = "/contact_human_agent";
