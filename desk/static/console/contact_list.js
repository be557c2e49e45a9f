// @ts-check
/** `<contact-list>`: the conversations behind a figure, newest first; fires `part` and `more`. */

import { hashOf } from "../desk/route.js";
import { channelName } from "../shared/channels.js";
import { fill, make } from "../staff/element.js";
import { dateOf } from "../staff/moments.js";
import { valueText } from "./insight_words.js";

/**
 * @typedef {{id: string, conversation_id: string, customer: {name: string}, channel: string,
 *   intent: string, reason: string, started_at: string, messages: number, seconds: number|null,
 *   csat: number|null}} Contact
 */

export class ContactList extends HTMLElement {
  /**
   * @param {readonly Contact[]} contacts
   * @param {boolean} hasMore
   * @param {import("./insight_words.js").Definition} definition
   * @param {string} part
   */
  show(contacts, hasMore, { title, unit }, part) {
    const kept = this.querySelector(":focus")?.getAttribute("data-key");
    /**
     * @param {string} name
     * @param {string} words
     */
    const choice = (name, words) =>
      make("button", {
        type: "button",
        class: "button",
        "data-key": name,
        "aria-pressed": String(part === name),
        onclick: () => this.dispatchEvent(new CustomEvent("part", { detail: name })),
      }, words);
    const more = () => this.dispatchEvent(new Event("more"));
    fill(
      this,
      make("h2", null, `The conversations behind “${title}”`),
      unit === "share" && make(
        "div",
        { class: "insight-quick", role: "group", "aria-label": "Which conversations" },
        choice("counted", "Counted"),
        choice("rest", "Not counted"),
      ),
      contacts.length === 0 && make("p", { class: "quiet" }, "None in these days."),
      make("ul", { class: "plain answers", "aria-label": "Conversations" }, ...contacts.map(row)),
      hasMore && make("button", {
        type: "button",
        class: "button",
        "data-key": "more",
        onclick: more,
      }, "Show more"),
    );
    const again = kept && this.querySelector(`[data-key="${kept}"]`);
    if (again instanceof HTMLElement) again.focus();
  }
}

/** @param {Contact} contact */
function row({ id, conversation_id, customer, channel, intent, reason, ...more }) {
  const facts = [
    dateOf(more.started_at),
    channelName(channel),
    intent.replaceAll("_", " "),
    reason && `handed off: ${reason.replaceAll("_", " ")}`,
    more.messages === 1 ? "1 message" : `${more.messages} messages`,
    more.seconds !== null && valueText(more.seconds, "seconds"),
    more.csat !== null && `rated ${more.csat} of 5`,
  ];
  return make(
    "li",
    { class: "answer" },
    make(
      "a",
      { href: `/desk${hashOf(conversation_id)}`, "data-key": id },
      make("bdi", null, customer.name),
    ),
    make("span", { class: "quiet" }, ` · ${facts.filter(Boolean).join(" · ")}`),
  );
}

customElements.define("contact-list", ContactList);
