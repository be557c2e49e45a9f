// @ts-check
/** `<handoff-card>`: what just happened, what is to be decided, why the bot stopped, what the customer wants, what was collected and what was tried. */

import { callBack } from "./callback.js";
import { hurry, inTheirWords, mood, said, who } from "./card_people.js";
import { fill, make } from "./element.js";
import { clockTime, exactTime, left, waited } from "./moments.js";
import { canDecide, preparedList, toDecide } from "./prepared.js";
import { dueBadge, tickDue } from "./service_level.js";
import { intentName, priorityName, readable, signalName, sourceName, valueText } from "./words.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {import("./types.js").Signal} Signal */

const OPEN_STATES = new Set(["requested", "offered", "accepted"]);

const PRIORITIES = ["normal", "high", "urgent"];

/** Fires `approve` and `decline` (CustomEvent, detail = the prepared change's id), `prioritise` (detail = which), and `goto` (detail = a message's id). */
export class HandoffCard extends HTMLElement {
  /** @type {string|null} */
  #shown = null;

  /**
   * Rebuilt only when the card changed, so that an agent who folded it finds it folded.
   *
   * @param {Card|null} card
   * @param {object} options
   * @param {boolean} options.open
   * @param {boolean} [options.mine] this agent may decide
   * @param {string|null} [options.busy] the prepared change that is being decided on
   * @param {readonly import("./types.js").SummaryLine[]} [options.summary]
   * @param {string|null} [options.until] when the channel closes for what an agent writes
   */
  show(card, { open, mine = false, busy = null, summary = [], until = null }) {
    this.hidden = card === null;
    if (card === null) {
      this.#shown = null;
      return;
    }
    const print = JSON.stringify([card, mine, busy, summary, until]);
    if (print === this.#shown) return;
    const focused = focusIn(this);
    const choosing = document.activeElement?.id === "card-priority";
    const before = this.querySelector("details");
    const same = this.#shown !== null && this.dataset.id === card.id;
    this.#shown = print;
    this.dataset.id = card.id;
    fill(
      this,
      make(
        "details",
        { class: "handoff", open: same && before ? before.open : open },
        make(
          "summary",
          null,
          make("span", { class: "handoff-title" }, titleOf(card)),
          leads(card),
          waits(card),
          OPEN_STATES.has(card.state) ? dueBadge(card) : null,
          OPEN_STATES.has(card.state) ? hurry(until) : null,
          make("span", { class: "handoff-reason" }, card.reason.text),
          make("time", { datetime: card.requested_at }, clockTime(card.requested_at)),
        ),
        make(
          "div",
          { class: "handoff-body" },
          happened(card),
          this.#prepared(card, mine, busy),
          this.#before(card, mine),
          this.#place(card),
          inTheirWords(summary, this.#goTo),
          why(card),
          wants(card),
          who(card.who, until, card.tier),
          mood(card.mood),
          collected(card, this.#goTo),
          tried(card),
        ),
      ),
    );
    this.tick();
    if (focused) keepFocus(this, focused);
    if (choosing) this.querySelector("select")?.focus({ preventScroll: true });
  }

  #goTo = (/** @type {string} */ id) => this.dispatchEvent(new CustomEvent("goto", { detail: id }));

  /**
   * @param {Card} card
   * @param {boolean} mine
   * @param {string|null} busy
   */
  #prepared({ state, prepared }, mine, busy) {
    if (prepared.length === 0) return null;
    const decide = OPEN_STATES.has(state) && mine
      ? (/** @type {string} */ verb, /** @type {string} */ id) =>
        this.dispatchEvent(new CustomEvent(verb, { detail: id }))
      : null;
    const hint = OPEN_STATES.has(state) && !mine && prepared.some(canDecide)
      ? make("p", { class: "quiet" }, "Claim the conversation to decide.")
      : null;
    return make(
      "section",
      { class: "prepared" },
      make("h3", null, "Prepared for your decision"),
      preparedList(prepared, { decide, busy }),
      hint,
    );
  }

  /**
   * Somebody had them and was lost, or they left a way to be reached: both change how to begin.
   *
   * @param {Card} card
   * @param {boolean} mine
   */
  #before({ lost, contact, callback, state }, mine) {
    const tick = mine && OPEN_STATES.has(state)
      ? () => this.dispatchEvent(new Event("called-back"))
      : null;
    const lines = [
      lost ? make("p", null, lostWords(lost)) : null,
      contact ? make("p", null, "Can be reached at ", make("b", null, contact)) : null,
      callback ? callBack(callback, tick) : null,
    ].filter(Boolean);
    return lines.length > 0 ? part("Before you answer", ...lines) : null;
  }

  /**
   * Where they wait, for as long as they do.
   *
   * @param {Card} card
   */
  #place({ state, queue, priority, offer }) {
    if (state !== "requested" && state !== "offered") return null;
    const known = PRIORITIES.includes(priority) ? PRIORITIES : [...PRIORITIES, priority];
    const select = make(
      "select",
      { id: "card-priority" },
      ...known.map((value) =>
        make("option", { value, selected: value === priority }, priorityName(value))
      ),
    );
    select.addEventListener("change", () => {
      this.dispatchEvent(new CustomEvent("prioritise", { detail: select.value }));
    });
    return part(
      "Waiting",
      make("p", null, `${readable(queue)} queue`),
      offer
        ? make("p", null, `Offered to ${offer.agent.name} until ${clockTime(offer.until)}`)
        : null,
      make(
        "p",
        { class: "card-priority" },
        make("label", { for: "card-priority", class: "quiet" }, "Priority"),
        select,
      ),
    );
  }

  tick() {
    tickDue(this);
    for (const node of this.querySelectorAll("time[data-since]")) {
      const since = node.getAttribute("data-since") ?? "";
      const words = waited(since, new Date());
      node.textContent = words === "now" ? "just now" : `${words} ago`;
    }
    for (const node of this.querySelectorAll("time[data-until]")) {
      const words = left(node.getAttribute("data-until") ?? "", new Date());
      node.textContent = words ? `${words} left to write` : "Time to write is over";
      node.classList.toggle("bad", words === null);
    }
  }
}

/** @param {Card} card */
function titleOf({ state }) {
  return OPEN_STATES.has(state) ? "Hand-off" : `Earlier hand-off, ${state}`;
}

/**
 * What leads, also where the card is folded.
 *
 * @param {Card} card
 */
function leads({ state, signals }) {
  const [first] = OPEN_STATES.has(state) ? signals : [];
  return first
    ? make("span", { class: "badge handoff-signal" }, signalName(first.kind), " ", ago(first))
    : null;
}

/**
 * How much there is to decide, also where the card is folded.
 *
 * @param {Card} card
 */
function waits({ state, prepared }) {
  const count = OPEN_STATES.has(state) ? toDecide(prepared) : 0;
  return count > 0 ? make("span", { class: "badge handoff-waits" }, `${count} to approve`) : null;
}

/** @param {Card} card */
function happened({ state, signals }) {
  if (!OPEN_STATES.has(state) || signals.length === 0) return null;
  const rows = signals.map((signal, index) =>
    make(
      "li",
      null,
      make(index === 0 ? "b" : "span", null, signalName(signal.kind)),
      signal.about ? ` · ${signal.about}` : null,
      " · ",
      ago(signal),
    )
  );
  return make(
    "section",
    { class: "happened" },
    make("h3", null, "Just happened"),
    make("ul", { class: "plain" }, ...rows),
  );
}

/** @param {Signal} signal */
function ago({ at }) {
  return make("time", {
    datetime: at,
    "data-since": at,
    title: exactTime(at),
  });
}

/** @param {NonNullable<Card["lost"]>} lost */
function lostWords({ agent, reason, at }) {
  const how = reason === "revoked" ? `${agent}’s account ended` : `${agent} lost the connection`;
  return `${how} at ${clockTime(at)}: served first.`;
}

/** @param {Card} card */
function why(card) {
  return part(
    "Why the bot stopped",
    make("p", null, card.reason.text),
    card.evidence ? make("p", { class: "quiet" }, card.evidence) : null,
  );
}

/** @param {Card} card */
function wants(card) {
  const { intent, text } = card.wants ?? { intent: null, text: null };
  return part(
    "What the customer wants",
    make("p", null, intent ? intentName(intent) : "Not known yet"),
    text ? make("blockquote", null, text) : null,
  );
}

/**
 * @param {Card} card
 * @param {(id: string) => void} goTo
 */
function collected(card, goTo) {
  const rows = card.collected.flatMap(({ name, value, source, message_id }) => [
    make("dt", null, readable(name)),
    make(
      "dd",
      null,
      make("b", null, valueText(value)),
      source
        ? make(
          "span",
          null,
          message_id ? said(sourceName(source), message_id, goTo) : sourceName(source),
        )
        : null,
    ),
  ]);
  return part(
    "Collected",
    rows.length > 0
      ? make("dl", { class: "facts" }, ...rows)
      : make("p", { class: "quiet" }, "Nothing yet"),
  );
}

const ENDED = { ok: "✓ Worked", failed: "✕ Failed", refused: "✕ Refused", unknown: "? Not known" };

/** @param {Card} card */
function tried(card) {
  const rows = card.tried.map(({ action, result, detail, about }) =>
    make(
      "li",
      null,
      make(
        "span",
        { class: result === "ok" ? "good" : "bad" },
        ENDED[result],
      ),
      make("span", null, ` ${readable(action)}`),
      about ? make("span", { class: "quiet" }, ` for: ${intentName(about)}`) : null,
      detail ? make("span", { class: "quiet" }, ` ${detail}`) : null,
    )
  );
  return part(
    "Tried",
    rows.length > 0
      ? make("ul", { class: "plain" }, ...rows)
      : make("p", { class: "quiet" }, "Nothing yet"),
  );
}

/**
 * The prepared change whose button has the focus: it is gone once it was pressed.
 *
 * @param {HTMLElement} card
 */
function focusIn(card) {
  const at = document.activeElement?.closest("[data-prepared]");
  return at && card.contains(at) ? at.getAttribute("data-prepared") : null;
}

/**
 * @param {HTMLElement} card
 * @param {string} id
 */
function keepFocus(card, id) {
  const row = card.querySelector(`[data-prepared="${CSS.escape(id)}"]`);
  if (row instanceof HTMLElement) row.focus({ preventScroll: true });
}

/**
 * @param {string} title
 * @param {...(HTMLElement|null)} content
 */
function part(title, ...content) {
  return make("section", null, make("h3", null, title), ...content);
}

customElements.define("handoff-card", HandoffCard);
