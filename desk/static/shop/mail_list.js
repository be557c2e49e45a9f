// @ts-check
/** `<mail-list>`: mails as they came, newest first. */

import { dayLabel, timeOfDay } from "../shared/format.js";
import { placeInOrder } from "../shared/keyed.js";
import { make } from "../staff/element.js";

/**
 * @typedef {{id: number, to: string, subject: string, text: string, at: string,
 *   attachment: {name: string, url: string}|null}} Mail
 */

export class MailList extends HTMLElement {
  /** @type {Map<number, {entry: HTMLElement, link: HTMLAnchorElement|null}>} */
  #entries = new Map();

  /** @param {Mail[]} mails */
  show(mails) {
    placeInOrder(this, mails.map((mail) => this.#entry(mail)));
  }

  /** A mail never changes once it is sent; only the link to what came with it does. @param {Mail} mail */
  #entry(mail) {
    let known = this.#entries.get(mail.id);
    if (known === undefined) {
      known = build(mail);
      this.#entries.set(mail.id, known);
    }
    if (known.link !== null && mail.attachment !== null) known.link.href = mail.attachment.url;
    return known.entry;
  }
}

/** @param {Mail} mail */
function build({ id, to, subject, text, at, attachment }) {
  const link = attachment === null
    ? null
    : make("a", { class: "mail-file", target: "_blank", rel: "noopener" }, attachment.name);
  link?.append(make("span", { class: "visually-hidden" }, " (attachment, opens a new tab)"));
  const title = `mail-${id}`;
  const entry = make(
    "article",
    { class: "mail", "aria-labelledby": title },
    make("h2", { id: title }, subject),
    make(
      "p",
      { class: "mail-head" },
      `To ${to} · `,
      make("time", { datetime: at }, `${dayLabel(at)}, ${timeOfDay(at)}`),
    ),
    make("p", { class: "mail-text" }, text),
    link,
  );
  return { entry, link };
}

customElements.define("mail-list", MailList);
