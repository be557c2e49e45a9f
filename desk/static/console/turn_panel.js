// @ts-check
/** `<turn-panel>`: the conversation behind a turn, with how the bot understood that turn; fires `close`. */

import "../staff/handoff_card.js";
import { channelName } from "../shared/channels.js";
import { get, inWords } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { duration, exactTime } from "../staff/moments.js";
import { intentName, outcomeName, readable, reasonName, valueText } from "../staff/words.js";
import { HandoffCard } from "../staff/handoff_card.js";
import { ThreadLog } from "../staff/thread_log.js";
import { openWhyDialog } from "../staff/why_dialog.js";
import { mergeMessages, withReceipt } from "../staff/transcript.js";
import { confidenceBar, labelsOf, textOf } from "./turn_table.js";

/** @typedef {import("../staff/types.js").ConversationDetail} ConversationDetail */
/** @typedef {import("../staff/types.js").Message} Message */
/** @typedef {import("../staff/types.js").Turn} Turn */

export class TurnPanel extends HTMLElement {
  #heading = make("h2", { tabindex: "-1" });
  #meta = make("p", { class: "quiet" });
  #understanding = make("div", { class: "understanding" });
  #labels = make("div", { class: "understanding panel-labels", hidden: true });
  #state = make("div", { class: "panel-state", role: "status" });
  #card = new HandoffCard();
  #log = new ThreadLog();
  /** @type {ConversationDetail|null} */
  #detail = null;
  /** @type {Turn|null} */
  #turn = null;
  #fetching = new AbortController();

  connectedCallback() {
    const close = make("button", { type: "button", class: "button quiet-button" }, "Close");
    close.addEventListener("click", () => this.dispatchEvent(new Event("close")));
    const title = make("div", { class: "panel-title" }, this.#heading, this.#meta);
    const header = make("header", { class: "panel-header" }, title, close);
    this.#card.addEventListener("goto", (event) => {
      this.#log.goTo(/** @type {CustomEvent} */ (event).detail);
    });
    this.#log.addEventListener("why", (event) => {
      const message = /** @type {CustomEvent} */ (event).detail;
      openWhyDialog({ message, conversation: this.conversationId ?? "" });
    });
    this.append(header, this.#understanding, this.#labels, this.#state, this.#card, this.#log);
  }

  get conversationId() {
    return this.#turn?.conversation_id ?? null;
  }

  /**
   * @param {Turn|null} turn
   * @param {{focus: boolean}} [options]
   */
  async open(turn, { focus } = { focus: true }) {
    this.#fetching.abort();
    this.hidden = turn === null;
    const before = this.#detail;
    this.#turn = turn;
    if (!turn) return;
    fill(this.#understanding, ...understanding(turn));
    this.showLabels(turn);
    if (before?.id === turn.conversation_id) {
      this.#show();
      this.#log.toMarked();
    } else {
      this.#detail = null;
      this.#heading.textContent = "Conversation";
      this.#meta.textContent = "";
      this.#card.show(null, { open: false });
      this.#log.clear();
    }
    if (focus) this.#heading.focus();
    await this.reload();
    if (turn === this.#turn) this.#log.toMarked();
  }

  async reload() {
    const turn = this.#turn;
    if (!turn) return;
    this.#fetching = new AbortController();
    const { signal } = this.#fetching;
    if (!this.#detail) {
      fill(this.#state, make("p", { class: "quiet" }, "Loading the conversation…"));
    }
    try {
      this.#detail = await get(`conversations/${encodeURIComponent(turn.conversation_id)}`, {
        signal,
      });
      fill(this.#state);
      this.#show();
    } catch (error) {
      if (signal.aborted) return;
      const retry = () => this.open(this.#turn);
      fill(
        this.#state,
        make("p", { class: "bad" }, inWords(error)),
        make("button", { type: "button", class: "button", onclick: retry }, "Try again"),
      );
    }
  }

  /** @param {Turn} turn */
  showLabels(turn) {
    const labels = labelsOf(turn);
    this.#labels.hidden = labels.length === 0;
    const list = make("ul", { class: "turn-labels" }, ...labels);
    fill(this.#labels, make("h3", null, "Labels"), list);
  }

  /** @param {Message} message */
  applyMessage(message) {
    if (!this.#detail) return;
    const messages = mergeMessages(this.#detail.messages, [message]);
    this.#detail = { ...this.#detail, messages };
    this.#show();
  }

  /** @param {import("../staff/types.js").Receipt} receipt */
  applyReceipt(receipt) {
    if (!this.#detail) return;
    this.#detail = { ...this.#detail, messages: withReceipt(this.#detail.messages, receipt) };
    this.#show();
  }

  #show() {
    const detail = this.#detail;
    if (!detail) return;
    this.#heading.textContent = detail.customer.name;
    this.#meta.textContent = `${channelName(detail.channel)} · ${ownerOf(detail)}`;
    this.#card.show(detail.handoff, { open: false });
    this.#log.show(detail.messages, {
      customerName: detail.customer.name,
      marked: this.#turn?.message_id ?? null,
    });
  }
}

/** @param {ConversationDetail} detail */
function ownerOf({ state, agent }) {
  if (state === "agent") return `with ${agent?.name ?? "an agent"}`;
  return { bot: "with the bot", waiting: "waiting for a person", resolved: "resolved" }[state];
}

/** @param {Turn} turn */
function understanding(turn) {
  const outcome = make("span", { class: "badge outcome" }, outcomeName(turn.outcome));
  outcome.dataset.outcome = turn.outcome;
  const ranking = turn.ranking.flatMap(({ intent, confidence }) => [
    make("dt", null, intentName(intent)),
    make("dd", null, confidenceBar(confidence)),
  ]);
  const entities = turn.entities.flatMap(({ entity, value }) => [
    make("dt", null, readable(entity)),
    make("dd", null, valueText(value)),
  ]);
  const took = turn.duration_ms === null ? null : `in ${duration(turn.duration_ms)}`;
  const facts = [exactTime(turn.created_at), took, turn.model && `model ${turn.model}`];
  return [
    make("blockquote", null, textOf(turn)),
    make("p", null, outcome, turn.reason ? ` ${reasonName(turn.reason)}` : null),
    ranking.length > 0 ? make("h3", null, "Ranking") : null,
    ranking.length > 0 ? make("dl", { class: "ranking" }, ...ranking) : null,
    entities.length > 0 ? make("h3", null, "Entities") : null,
    entities.length > 0 ? make("dl", { class: "facts" }, ...entities) : null,
    turn.actions.length > 0 ? make("h3", null, "Actions") : null,
    turn.actions.length > 0 ? make("p", { class: "actions" }, turn.actions.join(", ")) : null,
    make("p", { class: "quiet small" }, facts.filter(Boolean).join(" · ")),
  ];
}

customElements.define("turn-panel", TurnPanel);
