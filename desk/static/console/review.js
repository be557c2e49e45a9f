// @ts-check
/** Review: joins the inbox, the open message and the keys to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import { get, inWords, post, remove } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { intentName } from "../staff/words.js";
import { ReviewCard } from "./review_card.js";
import { openIntents, openKeys } from "./review_dialogs.js";
import { ReviewInbox } from "./review_inbox.js";
import { ReviewList } from "./review_list.js";
import { ReviewStanding } from "./review_standing.js";
import {
  labelled,
  messages,
  OUT_OF_SCOPE,
  readingOf,
  sizeOf,
  suggestions,
} from "./review_words.js";

/** @typedef {import("./review_words.js").ReviewItem} ReviewItem */
/** @typedef {import("./review_standing.js").Disagreement} Disagreement */
/** @typedef {{items: readonly ReviewItem[], batches: string[]}} Given what one press labelled */

const FEW = 10;
const MOST_AT_ONCE = 200;
const SETTLE_MS = 500;
const NARROW = matchMedia("(max-width: 719px)");

class ReviewPage {
  list = find(document, "review-list", ReviewList);
  card = find(document, "review-card", ReviewCard);
  standing = find(document, "review-standing", ReviewStanding);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  inbox = new ReviewInbox();
  /** @type {string[]} */
  intents = [];
  /** @type {string[]} */
  entities = [];
  /** @type {Given[]} the newest last */
  given = [];
  ready = false;
  /** @type {string|null} */
  problem = null;
  /** @type {{item: ReviewItem, note: string}|null} a disagreement that is being settled */
  settling = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** What was done on the page and is still being told to the server, one after the other. */
  #telling = Promise.resolve();
  #untold = 0;
  #done = 0;

  start() {
    /** @param {Event} event */
    const detail = (event) => /** @type {CustomEvent} */ (event).detail;
    this.list.addEventListener("open", (event) => this.go(detail(event).index));
    this.list.addEventListener("select", (event) => this.select(detail(event)));
    this.list.addEventListener("reload", () => this.load());
    this.card.addEventListener("label", (event) => this.label(() => detail(event)));
    this.card.addEventListener("right", () => this.right());
    this.card.addEventListener("other", () => this.other(""));
    this.card.addEventListener("undo", () => this.undo());
    this.card.addEventListener("marked", () => this.list.focusOpen());
    this.standing.addEventListener("settle", (event) => this.settle(detail(event)));
    addEventListener("keydown", (event) => this.press(event));
    this.live.addEventListener("resync", () => this.loadSoon());
    this.live.addEventListener("frame", (event) => {
      if (detail(event).type === "label") this.loadSoon();
    });
    find(document, "staff-bar", StaffBar).watch(this.live);
    this.live.start();
    this.show();
    this.load();
  }

  loadSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.load();
    }, SETTLE_MS);
  }

  async load() {
    if (this.#untold > 0) return this.loadSoon();
    const done = this.#done;
    try {
      const [inbox, standing] = await Promise.all([get("review"), get("review/standing")]);
      const disputed = standing.disagreements > 0 ? await get("review/disagreements") : null;
      // What was read before a label was given would bring its message back.
      if (done !== this.#done) return this.loadSoon();
      this.inbox.replace(inbox.items, this.settling?.item ?? null);
      this.intents = standing.intents;
      this.entities = standing.entities;
      this.standing.show(standing, disputed?.items ?? []);
      Object.assign(this, { ready: true, problem: null });
    } catch (error) {
      this.problem = inWords(error);
    }
    this.show();
  }

  show() {
    const { open, items, at, selected } = this.inbox;
    const { intents, entities, settling, ready, problem } = this;
    const note = settling !== null && open === settling.item ? settling.note : "";
    this.card.show(open, { selected: selected.size, intents, entities, note });
    this.list.show({ items, at, selected, ready, problem });
  }

  /** @param {number} index */
  go(index) {
    this.inbox.go(index);
    this.show();
    this.#toMessage();
  }

  /** On a narrow page the message stands above the list. */
  #toMessage() {
    if (NARROW.matches) this.card.scrollIntoView({ block: "start" });
  }

  /** @param {{index: number, range: boolean}} chosen */
  select({ index, range }) {
    this.inbox.select(index, range);
    this.show();
  }

  /** @param {Disagreement} disagreement */
  settle({ turn, labels }) {
    const note = labels
      .map(({ by, intent }) => `${by}: ${intent === null ? "Skipped" : intentName(intent)}`)
      .join(" · ");
    if (this.settling) this.inbox.take([this.settling.item]);
    const rest = { turn_ids: [turn.id], waiting: 1, fate: null, wrap_up_intent: null, alike: [] };
    this.settling = { item: { turn, ...rest }, note };
    this.inbox.replace(this.inbox.items, this.settling.item);
    this.go(0);
    this.list.focusOpen();
  }

  /** Each as the bot read it; what it did not read has to be said. */
  right() {
    const { chosen, selected } = this.inbox;
    const unread = chosen.filter((one) => readingOf(one, this.intents) === null).length;
    if (unread > 0 && selected.size > 0) {
      return this.status.say(
        `The bot read nothing in ${unread} of the selected: say what all of them are about, ` +
          "or take those out with x.",
      );
    }
    if (unread > 0) return this.other("");
    this.label((one) => readingOf(one, this.intents));
  }

  /**
   * The page goes on at once; what the server refuses comes back with its reason.
   *
   * @param {(item: ReviewItem) => string|null} intentOf
   */
  label(intentOf) {
    const { chosen, selected } = this.inbox;
    if (chosen.length === 0) return;
    const spans = selected.size === 0 ? this.card.spans : [];
    /** @type {Map<string|null, ReviewItem[]>} */
    const parts = new Map();
    for (const one of chosen) {
      const intent = intentOf(one);
      parts.set(intent, [...parts.get(intent) ?? [], one]);
    }
    const count = sizeOf(chosen);
    /** @type {Given} */
    const given = { items: chosen, batches: [] };
    const settled = this.settling;
    if (settled && chosen.includes(settled.item)) this.settling = null;
    this.given.push(given);
    this.inbox.take(chosen);
    this.standing.moved(count);
    this.status.say(labelled([...parts.keys()], count));
    this.show();
    this.#toMessage();
    this.#tell(async () => {
      try {
        for (const [intent, items] of parts) {
          given.batches.push(...await send(intent, items, spans));
        }
      } catch (error) {
        if (given.batches.length === 0) this.given = this.given.filter((one) => one !== given);
        this.#comeBack(given.items);
        this.status.say(inWords(error));
        this.loadSoon();
      }
    });
    if (this.inbox.items.length < FEW) this.loadSoon();
  }

  undo() {
    const last = this.given.pop();
    if (!last) return this.status.say("There is nothing to undo.");
    this.#comeBack(last.items);
    this.status.say(`Undone: ${messages(sizeOf(last.items))}.`);
    this.#toMessage();
    this.#tell(async () => {
      try {
        for (const batch of last.batches) await remove(`labels/${encodeURIComponent(batch)}`);
      } catch (error) {
        this.status.say(inWords(error));
        this.loadSoon();
      }
    });
  }

  /** @param {readonly ReviewItem[]} items */
  #comeBack(items) {
    this.inbox.giveBack(items);
    this.standing.moved(-sizeOf(items));
    this.show();
  }

  /** @param {() => Promise<void>} does */
  #tell(does) {
    this.#untold += 1;
    this.#done += 1;
    this.#telling = this.#telling.then(does).finally(() => {
      this.#untold -= 1;
    });
  }

  /** @param {string} typed */
  other(typed) {
    if (!this.inbox.open) return;
    openIntents(this.intents, typed, (intent) => {
      if (!this.intents.includes(intent)) this.intents = [...this.intents, intent].sort();
      this.label(() => intent);
    });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target?.matches('input:not([type="checkbox"]), textarea, select')) return;
    const { key } = event;
    const isUndo = (event.ctrlKey || event.metaKey) && key === "z";
    if (!isUndo && (event.ctrlKey || event.metaKey)) return;
    // Elsewhere than in the list, Enter is the button's or the link's.
    if (key === "Enter" && target?.closest("button, a, summary") && !this.list.contains(target)) {
      return;
    }
    const does = isUndo ? () => this.undo() : this.#meaningOf(key, event.shiftKey);
    if (!does) return;
    event.preventDefault();
    does();
  }

  /**
   * @param {string} key
   * @param {boolean} shift
   * @returns {(() => void)|null}
   */
  #meaningOf(key, shift) {
    const { at, open } = this.inbox;
    if (/^[1-9]$/.test(key)) {
      const one = open && suggestions(open)[Number(key) - 1];
      return one ? () => this.label(() => one.intent) : null;
    }
    /** @type {Record<string, () => void>} */
    const meanings = {
      Enter: () => this.right(),
      "/": () => this.other(""),
      "?": openKeys,
      o: () => this.label(() => OUT_OF_SCOPE),
      s: () => this.label(() => null),
      u: () => this.undo(),
      e: () => this.card.mark(),
      j: () => this.go(at + 1),
      k: () => this.go(at - 1),
      x: () => this.select({ index: at, range: shift }),
      ArrowDown: () => this.go(at + 1),
      ArrowUp: () => this.go(at - 1),
    };
    const known = meanings[key] ?? meanings[key.toLowerCase()];
    return known ?? (/^[a-z]$/i.test(key) ? () => this.other(key) : null);
  }
}

/**
 * Marks belong to one message; what says the same gets the intent alone.
 *
 * @param {string|null} intent
 * @param {readonly ReviewItem[]} items
 * @param {readonly import("./review_words.js").Span[]} entities
 * @returns {Promise<string[]>} the batches
 */
async function send(intent, items, entities) {
  const batches = [];
  let ids = items.flatMap(({ turn_ids }) => turn_ids);
  if (entities.length > 0) {
    const [{ turn }] = items;
    const path = `turns/${encodeURIComponent(turn.id)}/label`;
    batches.push((await post(path, { intent, entities })).batch);
    ids = ids.filter((id) => id !== turn.id);
  }
  for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
    const turn_ids = ids.slice(from, from + MOST_AT_ONCE);
    batches.push((await post("labels", { turn_ids, intent })).batch);
  }
  return batches;
}

new ReviewPage().start();
