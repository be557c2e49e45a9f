// @ts-check
/** `<thread-log>`: the transcript of a conversation, for the agent who answers and the lead who reads. */

import { placeInOrder } from "../shared/keyed.js";
import { richText } from "../shared/rich_text.js";
import { make } from "./element.js";
import { clockTime, dayName, exactTime } from "./moments.js";
import { arrange } from "./transcript.js";
import { initials } from "./words.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./transcript.js").Entry} Entry */

const NEAR_BOTTOM_PX = 80;

/** Fires `retry` and `discard` (CustomEvent, detail = the message's id) for messages that were not sent. */
export class ThreadLog extends HTMLElement {
  /** @type {Map<string, {print: string, node: HTMLElement}>} */
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
    // The composer growing or the card opening must not push the last message out of sight.
    let wasAtEnd = true;
    this.addEventListener("scroll", () => (wasAtEnd = this.#atEnd()));
    new ResizeObserver(() => wasAtEnd && this.toEnd()).observe(this);
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
      const print = JSON.stringify([entry, marked, customerName]);
      const known = this.#entries.get(entry.key);
      if (known?.print !== print) {
        added = true;
        this.#entries.set(entry.key, { print, node: this.#build(entry) });
      }
      keep.add(entry.key);
      nodes.push(/** @type {{node: HTMLElement}} */ (this.#entries.get(entry.key)).node);
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

  #atEnd() {
    return this.scrollHeight - this.scrollTop - this.clientHeight < NEAR_BOTTOM_PX;
  }

  /** @param {Entry} entry */
  #build(entry) {
    if (entry.kind === "day") {
      return make("li", { class: "log-day" }, make("span", null, dayName(entry.at, new Date())));
    }
    if (entry.kind === "event") {
      const { id, text, created_at } = entry.message;
      const marked = id === this.#marked ? " is-marked" : "";
      return make(
        "li",
        { class: `log-event${marked}` },
        make("span", null, text),
        this.#time(created_at),
      );
    }
    return this.#group(entry);
  }

  /** @param {Extract<Entry, {kind: "group"}>} group */
  #group(group) {
    const kind = group.private ? "note" : group.author;
    const name = group.author === "customer"
      ? group.name ?? this.#customerName
      : group.author === "bot"
      ? "Bot"
      : group.name ?? "Agent";
    const label = group.private ? `${name} · private note` : name;
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
          this.#time(group.messages[0].created_at),
        ),
        ...group.messages.map((message) => this.#bubble(message)),
      ),
    );
  }

  /** @param {Message} message */
  #bubble(message) {
    const marked = message.id === this.#marked ? " is-marked" : "";
    const offered = message.buttons ?? [];
    return make(
      "div",
      { class: `bubble ${message.delivery ?? ""}${marked}`, title: exactTime(message.created_at) },
      make("p", { class: "bubble-text" }, richText(message.text)),
      offered.length > 0 && make(
        "ul",
        { class: "offered", "aria-label": "Buttons the customer saw" },
        ...offered.map((button) => make("li", null, button.title)),
      ),
      message.delivery === "sending" && make("p", { class: "bubble-state" }, "Sending…"),
      message.delivery === "failed" && this.#failed(message),
    );
  }

  /** @param {Message} message */
  #failed(message) {
    /** @param {string} type */
    const tell = (type) => () => this.dispatchEvent(new CustomEvent(type, { detail: message.id }));
    return make(
      "p",
      { class: "bubble-state" },
      make("span", { class: "bad" }, `Not sent. ${message.problem ?? ""}`),
      make("button", { type: "button", class: "link", onclick: tell("retry") }, "Try again"),
      make("button", { type: "button", class: "link", onclick: tell("discard") }, "Discard"),
    );
  }

  /** @param {string} iso */
  #time(iso) {
    return make("time", { datetime: iso, title: exactTime(iso) }, clockTime(iso));
  }
}

customElements.define("thread-log", ThreadLog);
