// @ts-check
/** Changes that the bot prepared: what each would do, why it needs a person, and the agent's one click. */

import { make } from "./element.js";
import { clockTime } from "./moments.js";

/** @typedef {import("./types.js").Prepared} Prepared */
/** @typedef {(verb: "approve"|"decline", id: string) => void} Decide */

const OPEN = new Set(["waiting", "trying", "refused", "failed"]);
const TONES = { approved: "good", refused: "bad", failed: "bad" };

/** @param {Prepared} prepared */
export const canDecide = ({ state }) => OPEN.has(state);

/** @param {readonly Prepared[]} all */
export const toDecide = (all) => all.filter(({ state }) => state === "waiting").length;

/**
 * What was decided, by whom and when, in one line; null as long as nothing was.
 *
 * @param {Prepared} prepared
 */
export function decision({ state, outcome, by, at }) {
  if (!outcome) return null;
  const who = by && state !== "trying" ? ` ${by}${at ? `, ${clockTime(at)}` : ""}.` : "";
  return `${outcome}${who}`;
}

/**
 * @param {readonly Prepared[]} all
 * @param {{decide: Decide|null, busy: string|null}} options `decide` is null for whoever may not
 */
export function preparedList(all, options) {
  return make("ul", { class: "plain" }, ...all.map((one) => row(one, options)));
}

/**
 * @param {Prepared} one
 * @param {{decide: Decide|null, busy: string|null}} options
 */
function row(one, { decide, busy }) {
  const words = busy === one.id ? "Asking the shop…" : decision(one);
  const tone = /** @type {Record<string, string>} */ (TONES)[one.state] ?? "quiet";
  const knownNotMade = one.state === "waiting" || one.state === "refused";
  return make(
    "li",
    { "data-prepared": one.id, tabindex: "-1" },
    make(
      "div",
      { class: "prepared-what" },
      make("b", null, one.title),
      make("span", { class: "quiet" }, one.why),
      words ? make("span", { class: busy === one.id ? "quiet" : tone }, words) : null,
    ),
    decide && canDecide(one)
      ? make(
        "div",
        { class: "prepared-buttons" },
        button("approve", one.state === "waiting" ? "Approve" : "Approve again", "primary"),
        knownNotMade ? button("decline", "Decline", "") : null,
      )
      : null,
  );

  /**
   * @param {"approve"|"decline"} verb
   * @param {string} name
   * @param {string} look
   */
  function button(verb, name, look) {
    return make(
      "button",
      {
        type: "button",
        class: `button ${look}`,
        disabled: busy !== null,
        "aria-label": `${name}: ${one.title}`,
        onclick: () => decide?.(verb, one.id),
      },
      name,
    );
  }
}
