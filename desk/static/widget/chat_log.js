// @ts-check
/** The transcript: a log that announces news, keeps its place while the reader looks back, and offers the last message's buttons. */
import { channelName } from "../shared/channels.js";
import { dayLabel, timeOfDay } from "../shared/format.js";
import { inOneLine } from "../shared/happenings.js";
import { placeInOrder } from "../shared/keyed.js";
import { arrange } from "./groups.js";
import { renderBubble } from "./bubble.js";
import { HERE } from "./entries.js";
import { part, stamp } from "./part.js";
import { QuickReplies } from "./quick_replies.js";

/** @typedef {import("./chat.js").Chat} Chat */
/** @typedef {import("./model.js").Entry} Entry */
/** @typedef {import("./groups.js").Block} Block */
/** @typedef {{say: (text: string, payload?: string) => void, retry: (id: string) => void, discard: (id: string) => void, seen: () => void, refocus: () => void}} Actions */

const NEAR_END_PX = 60;

export class ChatLog extends HTMLElement {
  /** @type {Map<string, HTMLElement>} */
  #nodes = new Map();
  /** @type {Actions | null} */
  #actions = null;
  /** @type {QuickReplies | null} */
  #replies = null;
  #lastSeq = 0;
  #newBelow = 0;

  /** @param {Actions} actions */
  connect(actions) {
    this.#actions = actions;
    const scroller = part(this, "scroller");
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#newBelow === 0 && this.#wasAtEnd && this.toEnd()).observe(
      scroller,
    );
    // A picture has no height before it is here; it must not push the end out of sight.
    const loaded = () => this.#wasAtEnd && this.toEnd();
    part(this, "entries").addEventListener("load", loaded, { capture: true });
    part(this, "new-pill").addEventListener("click", () => {
      this.toEnd();
      scroller.focus({ preventScroll: true });
    });
    part(this, "starters").addEventListener("click", (event) => {
      if (event.target instanceof HTMLButtonElement) actions.say(event.target.textContent ?? "");
    });
    this.#replies = new QuickReplies(part(this, "quick-replies"), actions);
  }

  #wasAtEnd = true;

  /** Whether the newest message is in sight. */
  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = part(this, "scroller");
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  toEnd() {
    const scroller = part(this, "scroller");
    scroller.scrollTop = scroller.scrollHeight;
    this.#scrolled();
  }

  /** Something to say in the thread that is no line of it. @param {string} words */
  set note(words) {
    const note = part(this, "note");
    note.textContent = words;
    note.hidden = words === "";
    this.toEnd();
  }

  /** Forgets all nodes, for another customer's chat. */
  reset() {
    this.#nodes.clear();
    this.#replies?.reset();
    this.#lastSeq = this.#newBelow = 0;
    this.#wasAtEnd = true;
    this.note = "";
    part(this, "entries").replaceChildren();
  }

  /** @param {Chat} chat */
  render(chat) {
    const stay = !this.#wasAtEnd;
    const { entries } = chat;
    const log = part(this, "entries");
    // History is not news: nothing is read out until it is here.
    log.setAttribute("aria-live", chat.loaded ? "polite" : "off");
    const blocks = arrange(entries);
    const lastSent = entries.findLast((entry) => entry.author === "customer")?.key ?? "";
    placeInOrder(log, blocks.map((block) => this.#block(block, lastSent)));
    this.#forget(blocks);
    this.#renderEmpty(chat, entries.length === 0);
    this.#replies?.render(entries);
    part(this, "typing").hidden = chat.typing === null;
    part(this, "typing-name").textContent = `${chat.typing ?? ""} is typing`;
    const written = entries.at(-1)?.author === "customer" && entries.at(-1)?.seq === null;
    this.#countNews(chat, entries, stay && !written);
    if (!stay || (written && entries.length > this.#count)) this.toEnd();
    this.#count = entries.length;
  }

  #count = 0;

  /** @param {Block} block @param {string} lastSent */
  #block(block, lastSent) {
    const node = this.#node(block.key, `${block.kind}-template`);
    if (block.kind === "day") {
      node.textContent = dayLabel(block.at);
    } else if (block.kind === "event") {
      const words = happened(block.entry);
      if (node.textContent !== words) node.textContent = words;
    } else {
      this.#group(node, block, lastSent);
    }
    return node;
  }

  /** @param {HTMLElement} node @param {import("./groups.js").GroupBlock} block @param {string} lastSent */
  #group(node, block, lastSent) {
    if (node.dataset.author === undefined) {
      node.dataset.author = block.author;
      part(node, "name").textContent = block.name;
      part(node, "badge").hidden = block.author !== "bot";
      part(node, "channel").hidden = block.channel === HERE;
      part(node, "channel").textContent = `on ${channelName(block.channel)}`;
      part(node, "initial").textContent = [...block.name][0]?.toUpperCase() ?? "";
      const time = part(node, "time", HTMLTimeElement);
      time.dateTime = block.at;
      time.textContent = timeOfDay(block.at);
    }
    const actions = this.#actions;
    placeInOrder(
      part(node, "bubbles"),
      block.entries.map((entry) => {
        const bubble = this.#node(`bubble-${entry.key}`, "bubble-template");
        if (actions !== null) renderBubble(bubble, entry, entry.key === lastSent, actions);
        return bubble;
      }),
    );
  }

  /** @param {string} key @param {string} template */
  #node(key, template) {
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = stamp(template);
      this.#nodes.set(key, node);
    }
    return node;
  }

  /** @param {Block[]} blocks */
  #forget(blocks) {
    const keys = new Set(
      blocks.flatMap((block) =>
        block.kind === "group"
          ? [block.key, ...block.entries.map((entry) => `bubble-${entry.key}`)]
          : [block.key]
      ),
    );
    for (const key of this.#nodes.keys()) {
      if (!keys.has(key)) this.#nodes.delete(key);
    }
  }

  /** @param {Chat} chat @param {boolean} empty */
  #renderEmpty(chat, empty) {
    part(this, "empty").hidden = !empty || !(chat.loaded || chat.connection !== "connecting");
    part(this, "greeting").textContent = chat.customerName === null
      ? "Hello!"
      : `Hello, ${chat.customerName.split(" ")[0]}!`;
  }

  /** @param {Chat} chat @param {Entry[]} entries @param {boolean} away the reader is looking back */
  #countNews(chat, entries, away) {
    const fresh = entries.filter((entry) =>
      (entry.seq ?? 0) > this.#lastSeq && entry.author !== "customer"
    );
    this.#newBelow = away ? this.#newBelow + fresh.length : 0;
    this.#lastSeq = chat.lastSeq;
    this.#renderPill();
  }

  #scrolled() {
    this.#wasAtEnd = this.atEnd;
    if (this.#wasAtEnd) {
      this.#newBelow = 0;
      this.#actions?.seen();
    }
    this.#renderPill();
  }

  #renderPill() {
    const pill = part(this, "new-pill");
    pill.hidden = this.#newBelow === 0;
    const words = this.#newBelow === 1 ? "1 new message" : `${this.#newBelow} new messages`;
    if (!pill.hidden) part(pill, "new-count").textContent = words;
  }
}

/** @param {Entry} entry */
function happened(entry) {
  const words = inOneLine(entry, "You");
  const here = entry.channel === HERE || entry.author === "system";
  return here ? words : `${words} (${channelName(entry.channel)})`;
}
