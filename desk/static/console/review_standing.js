// @ts-check
/** `<review-standing>`: what is left, how often answers were wrong, and how far leads agree; fires `settle` (detail = a disagreement). */

import { fill, make } from "../staff/element.js";
import { intentName, readable } from "../staff/words.js";

/**
 * @typedef {object} Standing
 * @property {number} waiting
 * @property {number} labelled_today
 * @property {string[]} intents
 * @property {string[]} entities
 * @property {{risk_class: string, judged: number, wrong: number, low: number, high: number, accepted: number}[]} rates
 * @property {number} pairs
 * @property {number} disagreements
 * @property {number|null} kappa
 */

/** @typedef {import("../staff/types.js").Turn} Turn */
/** @typedef {{turn: Turn, labels: {by: string, intent: string|null}[]}} Disagreement */

/** @param {number} share */
const exactly = (share) => `${(share * 100).toFixed(1)} %`;

export class ReviewStanding extends HTMLElement {
  #open = false;
  /** @type {Standing|null} */
  #standing = null;
  #waiting = make("b");
  #today = make("b");

  /** @param {number} count labels given just now, before the server has counted them */
  moved(count) {
    if (this.#standing) {
      this.#count(this.#standing.waiting - count, this.#standing.labelled_today + count);
    }
  }

  /**
   * @param {number} waiting
   * @param {number} today
   */
  #count(waiting, today) {
    if (this.#standing) Object.assign(this.#standing, { waiting, labelled_today: today });
    this.#waiting.textContent = String(Math.max(0, waiting));
    this.#today.textContent = String(Math.max(0, today));
  }

  /**
   * @param {Standing} standing
   * @param {readonly Disagreement[]} disputed
   */
  show(standing, disputed) {
    const { rates, pairs, disagreements, kappa } = standing;
    this.#standing = standing;
    this.#count(standing.waiting, standing.labelled_today);
    const rate = rates.map((one) =>
      make(
        "p",
        { class: one.low > one.accepted ? "bad" : null },
        `${readable(one.risk_class)}: ${one.wrong} of ${one.judged} random answers wrong, ` +
          `${exactly(one.low)} to ${exactly(one.high)}; accepted ${exactly(one.accepted)}`,
      )
    );
    const agreement = kappa === null
      ? `Agreement: too few yet (${pairs} labelled by two)`
      : `Agreement κ ${kappa.toFixed(2)} over ${pairs}`;
    const rows = disputed.map(({ turn, labels }) => {
      const settle = () =>
        this.dispatchEvent(new CustomEvent("settle", { detail: { turn, labels } }));
      const said = labels.map(({ by, intent }) =>
        `${by}: ${intent === null ? "Skipped" : intentName(intent)}`
      );
      return make(
        "li",
        null,
        make("button", { type: "button", class: "link", onclick: settle }, turn.text),
        make("span", { class: "quiet" }, ` ${said.join(" · ")}`),
      );
    });
    fill(
      this,
      make(
        "p",
        { class: "review-count" },
        this.#waiting,
        " to review · ",
        this.#today,
        " labelled by you today",
      ),
      make(
        "details",
        {
          open: this.#open,
          ontoggle: (/** @type {Event} */ event) => {
            this.#open = /** @type {HTMLDetailsElement} */ (event.currentTarget).open;
          },
        },
        make("summary", null, "How good are the answers?"),
        ...(rates.length > 0 ? rate : [
          make(
            "p",
            { class: "quiet" },
            "Too few random answers were judged yet. They come among the others by themselves.",
          ),
        ]),
        make("p", null, disagreements > 0 ? `${agreement} · ${disagreements} disagree` : agreement),
        rows.length > 0 ? make("ul", null, ...rows) : null,
      ),
    );
  }
}

customElements.define("review-standing", ReviewStanding);
