// @ts-check
/** What was changed in the shop in a conversation: what, by whom, with which reference, from what to what. */

import { make } from "../staff/element.js";
import { clockTime, dateOf } from "../staff/moments.js";
import { readable, valueText } from "../staff/words.js";

/** @typedef {import("../staff/types.js").Change} Change */

const TONES = { made: "good", refused: "bad", unknown: "bad" };

/** @param {readonly Change[]} changes */
export function changeList(changes) {
  return make("ul", { class: "plain changes" }, ...changes.map(entry));
}

/**
 * What differs, a line each: "State: placed → cancelled".
 *
 * @param {Pick<Change, "before"|"after">} change
 * @returns {string[]}
 */
export function differences({ before, after }) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => [name, valueText(before[name]), valueText(after[name])])
    .filter(([, was, is]) => was !== is)
    .map(([name, was, is]) => `${readable(name)}: ${was || "–"} → ${is || "–"}`);
}

/** @param {Change} change */
function entry(change) {
  const known = change.how && change.how !== "nothing";
  const by = known ? `${change.by}, who knew the customer by ${change.how}` : change.by;
  return make(
    "li",
    null,
    make("b", null, change.text),
    make("span", { class: TONES[change.state] }, change.outcome),
    ...differences(change).map((line) => make("span", null, line)),
    make(
      "span",
      { class: "quiet" },
      `${by}, `,
      make("time", { datetime: change.at }, `${dateOf(change.at)}, ${clockTime(change.at)}`),
    ),
  );
}
