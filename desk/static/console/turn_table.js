// @ts-check
/** `<turn-table>`: the log of turns, newest first; fires `open` (detail = the turn), `more`, `show-new`, `reload`, `clear`. */

import { channelName } from "../shared/channels.js";
import { fill, make } from "../staff/element.js";
import { duration, exactTime, stamp } from "../staff/moments.js";
import { intentName, outcomeName, percent, reasonName } from "../staff/words.js";
import { isFiltered } from "./filters.js";

/** @typedef {import("../staff/types.js").Turn} Turn */
/** @typedef {import("./turn_log.js").TurnLog} TurnLog */

const COLUMNS = ["Time", "Text", "Intent", "Confidence", "Outcome", "Channel", "Took"];

export class TurnTable extends HTMLElement {
  #fresh = make("button", { type: "button", class: "fresh", hidden: true });
  #announced = make("p", { class: "visually-hidden", role: "status" });
  #body = make("tbody");
  #table = make("table", { class: "turns" });
  #state = make("div", { class: "table-state", role: "status", hidden: true });
  #more = make("button", { type: "button", class: "button", hidden: true }, "Load more");
  /** @type {Map<string, HTMLTableRowElement>} */
  #rows = new Map();
  /** @type {Map<string, HTMLElement>} */
  #labels = new Map();

  connectedCallback() {
    const heads = COLUMNS.map((name) => make("th", { scope: "col" }, name));
    this.#table.append(
      make("caption", { class: "visually-hidden" }, "Turns, newest first"),
      make("thead", null, make("tr", null, ...heads)),
      this.#body,
    );
    this.append(this.#fresh, this.#announced, this.#state, this.#table, this.#more);
    this.#fresh.addEventListener("click", () => this.#tell("show-new"));
    this.#more.addEventListener("click", () => this.#tell("more"));
    this.#body.addEventListener("keydown", (event) => this.#move(event));
  }

  /**
   * @param {TurnLog} log
   * @param {string|null} openId
   */
  show(log, openId) {
    const { turns, state, problem, fresh } = log;
    this.toggleAttribute("data-loading", state === "loading");
    this.setAttribute("aria-busy", String(state !== "ready"));
    const words = `${fresh.size} new ${fresh.size === 1 ? "turn" : "turns"}`;
    this.#fresh.hidden = fresh.size === 0;
    if (fresh.size > 0 && this.#announced.textContent !== words) {
      fill(this.#fresh, `${words} · `, make("span", null, "show"));
    }
    this.#announced.textContent = fresh.size > 0 ? words : "";
    const rows = turns.map((turn) => this.#row(turn));
    const shown = new Set(turns.map((turn) => turn.id));
    for (const id of this.#rows.keys()) {
      if (!shown.has(id)) for (const map of [this.#rows, this.#labels]) map.delete(id);
    }
    for (const turn of turns) {
      const place = this.#labels.get(turn.id);
      if (place) fill(place, ...labelsOf(turn));
    }
    if (
      rows.length !== this.#body.rows.length || rows.some((row, i) => row !== this.#body.rows[i])
    ) {
      this.#body.replaceChildren(...rows);
    }
    for (const [id, row] of this.#rows) row.toggleAttribute("data-open", id === openId);
    this.#table.hidden = turns.length === 0;
    this.#more.hidden = !log.next || problem !== null;
    this.#more.disabled = state === "more";
    this.#more.textContent = state === "more" ? "Loading…" : "Load more";
    this.#showState(turns.length, state, problem, isFiltered(log.filters));
  }

  /** @param {string} id */
  focusTurn(id) {
    this.#rows.get(id)?.querySelector("button")?.focus();
  }

  /**
   * @param {number} count
   * @param {TurnLog["state"]} state
   * @param {string|null} problem
   * @param {boolean} filtered
   */
  #showState(count, state, problem, filtered) {
    /** @param {string} words @param {string} event */
    const button = (words, event) =>
      make("button", { type: "button", class: "button", onclick: () => this.#tell(event) }, words);
    this.#state.hidden = problem === null && count > 0;
    if (problem !== null) {
      fill(this.#state, make("p", { class: "bad" }, problem), button("Try again", "reload"));
    } else if (state === "loading") {
      fill(this.#state, make("p", { class: "quiet" }, "Loading turns…"));
    } else if (filtered) {
      const words = "No turn matches these filters.";
      fill(this.#state, make("p", { class: "quiet" }, words), button("Clear filters", "clear"));
    } else {
      const words = "No turns yet. Every message the bot reads appears here.";
      fill(this.#state, make("p", { class: "quiet" }, words));
    }
  }

  /** @param {Turn} turn */
  #row(turn) {
    const known = this.#rows.get(turn.id);
    if (known) return known;
    const open = () => this.dispatchEvent(new CustomEvent("open", { detail: turn }));
    const at = turn.created_at;
    const reason = turn.reason
      ? make("span", { class: "turn-reason" }, reasonName(turn.reason))
      : null;
    const outcome = make("span", { class: "badge outcome" }, outcomeName(turn.outcome));
    outcome.dataset.outcome = turn.outcome;
    const labels = make("ul", { class: "turn-labels" });
    this.#labels.set(turn.id, labels);
    const row = make(
      "tr",
      { onclick: open },
      make(
        "td",
        { class: "turn-time" },
        make("time", { datetime: at, title: exactTime(at) }, stamp(at, new Date())),
      ),
      make(
        "td",
        { class: "turn-text" },
        make("button", { type: "button", title: "Show the conversation" }, textOf(turn)),
      ),
      make("td", { class: "turn-intent" }, turn.intent ? intentName(turn.intent) : "None", labels),
      make("td", { class: "turn-confidence" }, confidenceBar(turn.confidence)),
      make("td", { class: "turn-outcome" }, outcome, reason),
      make("td", { class: "turn-channel" }, channelName(turn.channel)),
      make(
        "td",
        { class: "turn-took" },
        turn.duration_ms === null ? "" : duration(turn.duration_ms),
      ),
    );
    this.#rows.set(turn.id, row);
    return row;
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const row = event.target instanceof Element ? event.target.closest("tr") : null;
    const to = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
    const button = to?.querySelector("button");
    if (!button) return;
    event.preventDefault();
    button.focus();
  }

  /** @param {string} type */
  #tell(type) {
    this.dispatchEvent(new Event(type));
  }
}

/**
 * A turn without words is one the bot took up by itself, after an agent gave the conversation back.
 *
 * @param {Turn} turn
 */
export function textOf({ text }) {
  return text || "Returned to the bot";
}

/**
 * Who said what.
 *
 * @param {Turn} turn
 */
export function labelsOf({ labels }) {
  return (labels ?? []).map(({ by, intent }) =>
    make("li", null, `${by}: ${intent ? intentName(intent) : "skipped"}`)
  );
}

/**
 * The number for reading, the bar for scanning.
 *
 * @param {number|null} confidence
 */
export function confidenceBar(confidence) {
  if (confidence === null) return make("span", { class: "quiet" }, "–");
  const level = make("span", { class: "bar-level" });
  level.style.inlineSize = `${Math.round(confidence * 100)}%`;
  return make(
    "span",
    { class: "confidence" },
    make("span", { class: "confidence-number" }, percent(confidence)),
    make("span", { class: "bar-track", "aria-hidden": "true" }, level),
  );
}

customElements.define("turn-table", TurnTable);
