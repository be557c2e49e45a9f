// @ts-check
/** Review: joins the inbox, the open message and the keys to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./review_card.js";
import "./review_list.js";
import "./review_standing.js";
import { openPicker } from "../desk/picker.js";
import { get, inWords, post, remove } from "../staff/api.js";
import { find, make } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { intentName } from "../staff/words.js";
import { ReviewCard } from "./review_card.js";
import { ReviewList } from "./review_list.js";
import { ReviewStanding } from "./review_standing.js";
import { KEYS, labelled, matching, newName, OUT_OF_SCOPE, rankedIntents } from "./review_words.js";

/** @typedef {import("./review_words.js").ReviewItem} ReviewItem */

const FEW = 10;
const MOST_AT_ONCE = 200;
const SETTLE_MS = 500;

class ReviewPage {
  list = find(document, "review-list", ReviewList);
  card = find(document, "review-card", ReviewCard);
  standing = find(document, "review-standing", ReviewStanding);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  /** @type {ReviewItem[]} */
  items = [];
  at = 0;
  anchor = 0;
  /** @type {Set<string>} */
  selected = new Set();
  /** @type {string[]} */
  intents = [];
  /** @type {string[][]} the batches of each press, the newest last */
  given = [];
  ready = false;
  busy = false;
  /** @type {string|null} */
  problem = null;
  /** @type {ReviewItem|null} a disagreement that is being settled */
  settling = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  start() {
    /** @param {Event} event */
    const detail = (event) => /** @type {CustomEvent} */ (event).detail;
    this.list.addEventListener("open", (event) => this.go(detail(event).index));
    this.list.addEventListener("select", (event) => this.select(detail(event)));
    this.list.addEventListener("reload", () => this.load());
    this.card.addEventListener("label", (event) => this.label(detail(event)));
    this.card.addEventListener("other", () => this.other(""));
    this.card.addEventListener("undo", () => this.undo());
    this.standing.addEventListener("settle", (event) => this.settle(detail(event)));
    addEventListener("keydown", (event) => this.press(event));
    this.live.addEventListener("resync", () => this.loadSoon());
    this.live.addEventListener("frame", (event) => {
      if (["label", "turn"].includes(detail(event).type)) this.loadSoon();
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
    if (this.busy) return this.loadSoon();
    try {
      const [inbox, standing] = await Promise.all([get("review"), get("review/standing")]);
      if (this.busy) return;
      // What is open stays open, wherever it stands now.
      const open = this.items[this.at];
      const kept = inbox.items.findIndex((/** @type {ReviewItem} */ one) =>
        one.turn.id === open?.turn.id
      );
      this.items = inbox.items;
      if (kept >= 0) this.at = kept;
      if (this.settling && kept < 0) {
        this.items = [this.settling, ...this.items];
        this.at = 0;
      }
      this.at = Math.min(this.at, Math.max(0, this.items.length - 1));
      this.intents = standing.intents;
      const disputed = standing.disagreements > 0 ? await get("review/disagreements") : null;
      this.standing.show(standing, disputed?.items ?? []);
      Object.assign(this, { ready: true, problem: null });
    } catch (error) {
      this.problem = inWords(error);
    }
    this.show();
  }

  show() {
    this.card.show(this.items[this.at] ?? null, this.selected.size);
    this.list.show(this);
  }

  /** @param {number} index */
  go(index) {
    this.at = Math.max(0, Math.min(index, this.items.length - 1));
    this.show();
  }

  /** @param {import("../staff/types.js").Turn} turn */
  settle(turn) {
    this.items = this.items.filter((one) => one !== this.settling && one.turn.id !== turn.id);
    this.settling = {
      turn,
      turn_ids: [turn.id],
      waiting: 1,
      fate: null,
      wrap_up_intent: null,
    };
    this.items.unshift(this.settling);
    this.go(0);
  }

  /** @param {{index: number, range: boolean}} chosen */
  select({ index, range }) {
    const [from, to] = range
      ? [Math.min(this.anchor, index), Math.max(this.anchor, index)]
      : [index, index];
    for (const { turn } of this.items.slice(from, to + 1)) {
      if (!range && this.selected.has(turn.id)) this.selected.delete(turn.id);
      else this.selected.add(turn.id);
    }
    this.anchor = index;
    this.show();
  }

  /** @param {string|null} intent */
  async label(intent) {
    const open = this.items[this.at];
    if (!open || this.busy) return;
    const chosen = this.selected.size > 0
      ? this.items.filter(({ turn }) => this.selected.has(turn.id))
      : [open];
    const spans = this.selected.size === 0 ? this.card.spans : [];
    const ids = chosen.flatMap(({ turn_ids }) => turn_ids);
    this.busy = true;
    const batches = [];
    try {
      if (spans.length > 0) {
        const path = `turns/${encodeURIComponent(open.turn.id)}/label`;
        batches.push((await post(path, { intent, entities: spans })).batch);
      }
      const rest = spans.length > 0 ? ids.filter((id) => id !== open.turn.id) : ids;
      for (let from = 0; from < rest.length; from += MOST_AT_ONCE) {
        const turn_ids = rest.slice(from, from + MOST_AT_ONCE);
        batches.push((await post("labels", { turn_ids, intent })).batch);
      }
      this.status.say(labelled(intent, ids.length));
      this.items = this.items.filter((one) => !chosen.includes(one));
      this.selected.clear();
      this.card.spans = [];
      if (this.settling && chosen.includes(this.settling)) this.settling = null;
    } catch (error) {
      this.status.say(inWords(error));
    } finally {
      this.busy = false;
      if (batches.length > 0) this.given.push(batches);
    }
    this.go(this.at);
    if (this.items.length < FEW) this.load();
  }

  async undo() {
    if (this.busy) return;
    const batches = this.given.pop();
    if (!batches) return this.status.say("There is nothing to undo.");
    this.busy = true;
    try {
      for (const batch of batches) await remove(`labels/${encodeURIComponent(batch)}`);
      this.status.say("Undone.");
    } catch (error) {
      this.status.say(inWords(error));
    } finally {
      this.busy = false;
    }
    await this.load();
  }

  /** @param {string} typed */
  other(typed) {
    if (!this.items[this.at]) return;
    /** @type {import("../desk/picker.js").Picker<{intent: string, isNew: boolean}>|undefined} */
    let picker;
    /** @param {string} words */
    const show = (words) => {
      const name = newName(words);
      const found = matching(this.intents, words).map((intent) => ({ intent, isNew: false }));
      if (name && !this.intents.includes(name)) found.push({ intent: name, isNew: true });
      picker?.show({ items: found });
    };
    picker = openPicker({
      title: "What is it about?",
      label: "Intent",
      list: "Intents",
      typed,
      verb: "label",
      option: ({ intent, isNew }) => [isNew ? `New intent “${intent}”` : intentName(intent)],
      type: show,
      use: async ({ intent, isNew }) => {
        try {
          if (isNew) await post("intents", { name: intent });
        } catch (error) {
          return this.status.say(inWords(error));
        }
        await this.label(intent);
      },
    });
    show(typed);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target?.matches('input:not([type="checkbox"]), textarea, select')) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") {
      return this.#does(event, () => this.undo());
    }
    if (event.ctrlKey || event.metaKey) return;
    const turn = this.items[this.at]?.turn;
    const ranked = turn ? rankedIntents(turn) : [];
    const { key } = event;
    if (/^[1-5]$/.test(key)) {
      const one = ranked[Number(key) - 1];
      if (one) this.#does(event, () => this.label(one.intent));
    } else if (key === "Enter") {
      // On a button of the card or a link, Enter is that button's.
      if (target?.closest("review-card button, a, summary, staff-bar")) return;
      const read = turn?.intent && this.intents.includes(turn.intent) ? turn.intent : null;
      if (read) this.#does(event, () => this.label(read));
      else this.#does(event, () => this.other(""));
    } else if (key === "/") this.#does(event, () => this.other(""));
    else if (key === "o") this.#does(event, () => this.label(OUT_OF_SCOPE));
    else if (key === "s") this.#does(event, () => this.label(null));
    else if (key === "u") this.#does(event, () => this.undo());
    else if (key === "j" || key === "ArrowDown") this.#does(event, () => this.go(this.at + 1));
    else if (key === "k" || key === "ArrowUp") this.#does(event, () => this.go(this.at - 1));
    else if (key === "x" || key === "X") {
      this.#does(event, () => this.select({ index: this.at, range: event.shiftKey }));
    } else if (key === "?") this.#does(event, openKeys);
    else if (/^[a-z]$/i.test(key)) this.#does(event, () => this.other(key));
  }

  /**
   * @param {KeyboardEvent} event
   * @param {() => unknown} does
   */
  #does(event, does) {
    event.preventDefault();
    does();
  }
}

function openKeys() {
  const rows = KEYS.flatMap(({ keys, words }) => [
    make("dt", null, ...keys.map((key) => make("kbd", null, key))),
    make("dd", null, words),
  ]);
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "keys-title" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "keys-title" }, "Keys"),
      make("dl", { class: "keys" }, ...rows),
      make("div", { class: "dialog-buttons" }, make("button", { class: "button" }, "Close")),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

new ReviewPage().start();
