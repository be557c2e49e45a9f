// @ts-check
/** `<thread-log>`: the transcript of a conversation, for the agent who answers and the lead who reads. */

import { placeInOrder } from "../shared/keyed.js";
import { bubble, showDelivery } from "./bubble.js";
import { make } from "./element.js";
import { channelBadge, happening } from "./happening.js";
import { clockTime, dayName, exactTime } from "./moments.js";
import { arrange, withoutRepeats } from "./transcript.js";
import { initials } from "./words.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./transcript.js").Entry} Entry */
/** @typedef {import("./transcript.js").Group} Group */

const NEAR_BOTTOM_PX = 80;

/** Fires `retry` and `discard` (CustomEvent, detail = the message's id) for messages that were not sent, and `why` for one that the bot or Warmline wrote. */
export class ThreadLog extends HTMLElement {
  /** @type {Map<string, {print: string, last: string, node: HTMLElement}>} */
  #entries = new Map();
  #list = make("ol", { class: "log-list" });
  #newer = make("button", { type: "button", class: "log-newer", hidden: true }, "New messages ↓");
  #customerName = "Customer";
  /** @type {string|null} */
  #marked = null;

  connectedCallback() {
    if (this.#list.isConnected) return;
    this.setAttribute("role", "log");
    this.setAttribute("aria-label", "Messages");
    this.tabIndex = 0;
    this.append(this.#list, this.#newer);
    this.#newer.addEventListener("click", () => this.toEnd());
    this.addEventListener("scroll", () => {
      if (this.#atEnd()) this.#newer.hidden = true;
    });
    // The composer growing, the card opening or a picture arriving must not push the last message
    // out of sight.
    let wasAtEnd = true;
    this.addEventListener("scroll", () => (wasAtEnd = this.#atEnd()));
    new ResizeObserver(() => wasAtEnd && this.toEnd()).observe(this);
    this.#list.addEventListener("load", () => wasAtEnd && this.toEnd(), { capture: true });
  }

  /**
   * @param {readonly Message[]} messages
   * @param {{customerName: string, marked?: string|null, typing?: string|null}} options
   */
  show(messages, { customerName, marked = null, typing = null }) {
    const stay = !this.#atEnd();
    this.#customerName = customerName;
    this.#marked = marked;
    const wanted = arrange(messages);
    const keep = new Set();
    /** @type {HTMLElement[]} */
    const nodes = [];
    let added = false;
    for (const entry of wanted) {
      const print = JSON.stringify([entry, marked, customerName], withoutDelivery);
      const last = entry.kind === "group" ? entry.messages[entry.messages.length - 1].id : "";
      const known = this.#entries.get(entry.key);
      const node = known?.print === print ? known.node : this.#build(entry);
      if (node === known?.node && entry.kind === "group") this.#showDeliveries(node, entry);
      if (last !== known?.last) added = true;
      this.#entries.set(entry.key, { print, last, node });
      keep.add(entry.key);
      nodes.push(node);
    }
    for (const key of this.#entries.keys()) if (!keep.has(key)) this.#entries.delete(key);
    if (typing) nodes.push(make("li", { class: "log-typing" }, `${typing} is typing…`));
    placeInOrder(this.#list, nodes);
    if (!stay) this.toEnd();
    else if (added) this.#newer.hidden = false;
  }

  clear() {
    this.#entries.clear();
    this.#list.replaceChildren();
    this.#newer.hidden = true;
  }

  toEnd() {
    this.scrollTop = this.scrollHeight;
    this.#newer.hidden = true;
  }

  toMarked() {
    const node = this.#list.querySelector(".is-marked");
    node?.scrollIntoView({ block: "center" });
    this.#newer.hidden = true;
  }

  /**
   * The message where it stands, with the focus on it, so that a keyboard goes on from there.
   *
   * @param {string} id
   */
  goTo(id) {
    const node = this.#list.querySelector(
      `[data-id="${CSS.escape(id)}"], [data-also~="${CSS.escape(id)}"]`,
    );
    if (!(node instanceof HTMLElement)) return;
    node.tabIndex = -1;
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "center" });
  }

  /** What the focus is on, else the newest that is explained: asks why. */
  askWhy() {
    const buttons = [...this.#list.querySelectorAll(".why-button")];
    const line = document.activeElement?.closest("[data-id]");
    const button = line?.querySelector(".why-button") ?? buttons.at(-1);
    if (button instanceof HTMLElement) button.click();
  }

  /**
   * @param {string} type
   * @param {string} id
   */
  #tell(type, id) {
    this.dispatchEvent(new CustomEvent(type, { detail: id }));
  }

  #atEnd() {
    return this.scrollHeight - this.scrollTop - this.clientHeight < NEAR_BOTTOM_PX;
  }

  /** @param {Entry} entry */
  #build(entry) {
    if (entry.kind === "day") {
      return make("li", { class: "log-day" }, make("span", null, dayName(entry.at, new Date())));
    }
    if (entry.kind === "event") {
      return happening(entry, {
        customerName: this.#customerName,
        marked: entry.message.id === this.#marked,
        goTo: (id) => this.goTo(id),
        why: () => this.#tell("why", entry.message.id),
      });
    }
    return this.#group(entry);
  }

  /**
   * @param {HTMLElement} node
   * @param {Group} group
   */
  #showDeliveries(node, { messages }) {
    const shown = withoutRepeats(messages, this.#marked);
    node.querySelectorAll(".bubble").forEach((one, index) => {
      showDelivery(one, shown[index].message.delivery);
    });
  }

  /** @param {Group} group */
  #group(group) {
    const kind = group.private ? "note" : group.author;
    const name = group.author === "customer"
      ? group.name ?? this.#customerName
      : group.author === "bot"
      ? "Bot"
      : group.name ?? "Agent";
    const label = group.private ? `${name} · private note` : name;
    const at = group.messages[0].created_at;
    const chip = group.author === "bot" ? "B" : initials(name);
    return make(
      "li",
      { class: `log-group from-${kind}` },
      make("span", { class: "chip", "aria-hidden": "true" }, group.private ? "✎" : chip),
      make(
        "div",
        { class: "log-body" },
        make(
          "p",
          { class: "log-who" },
          make("b", null, label),
          group.channel && channelBadge(group.channel),
          make("time", { datetime: at, title: exactTime(at) }, clockTime(at)),
        ),
        ...withoutRepeats(group.messages, this.#marked).map(({ message, also }) =>
          bubble(message, {
            who: name,
            also,
            marked: message.id === this.#marked,
            tell: (type) => this.#tell(type, message.id),
          })
        ),
      ),
    );
  }
}

/**
 * Receipts come often and change no word of a message.
 *
 * @param {string} key
 * @param {unknown} value
 */
function withoutDelivery(key, value) {
  return key === "delivery" ? undefined : value;
}

customElements.define("thread-log", ThreadLog);
