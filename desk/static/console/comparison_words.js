// @ts-check
/** A comparison in words: figures with their intervals, decisions, and what was left out; pure. */

/** @typedef {import("./comparison_types.js").Figure} Figure */
/** @typedef {import("./comparison_types.js").Decision} Decision */
/** @typedef {import("./comparison_types.js").IntentRow} IntentRow */
/** @typedef {import("./comparison_types.js").Replay} Replay */

const LEFT_OUT = /** @type {const} */ ([
  ["in_a_form", "answered a form's question"],
  ["pressed", "pressed a button"],
  ["with_a_person", "were with a person"],
  ["after_a_divergence", "came after a divergence"],
]);

/** @param {number|null} share */
export const percent = (share) => share === null ? "–" : `${(share * 100).toFixed(1)} %`;

/**
 * A share as a table shows it: its value, and under it its interval and what it rests on.
 *
 * @param {Figure|null} figure null: there is no such model
 * @returns {{value: string, under: string}}
 */
export function figureWords(figure) {
  if (figure === null) return { value: "–", under: "nothing to compare with" };
  const of = figure.n.toLocaleString("en");
  if (figure.value === null || figure.low === null || figure.high === null) {
    return { value: "Too few to say", under: figure.n === 0 ? "none" : `of ${of}` };
  }
  const [low, high] = [figure.low, figure.high].map((one) => (one * 100).toFixed(1));
  return { value: percent(figure.value), under: `${low} to ${high}, of ${of}` };
}

/** @param {Decision} decision */
export function decisionWords(decision) {
  const sure = decision.confidence === null ? "" : `, ${Math.round(decision.confidence * 100)} %`;
  const guess = decision.guess === null ? "" : ` (likeliest: ${decision.guess}${sure})`;
  switch (decision.kind) {
    case "answers":
      return `answers ${decision.intents.join(" and ")}`;
    case "article":
      return "answers from an article";
    case "asks":
      return `does not understand${guess}`;
    case "hands_off":
      return `hands off, ${(decision.reason ?? "").replaceAll("_", " ")}${guess}`;
    default:
      return "takes it as the form's answer";
  }
}

/**
 * How many turns were judged, and why the others were not.
 *
 * @param {Pick<Replay, "turns"|"judged"|"left_out">} replay
 */
export function judgedWords({ turns, judged, left_out }) {
  const others = LEFT_OUT.filter(([name]) => left_out[name]).map(
    ([name, words]) => `${left_out[name].toLocaleString("en")} ${words}`,
  );
  const all = `${judged.toLocaleString("en")} of ${turns.toLocaleString("en")} logged turns judged`;
  return others.length === 0 ? `${all}.` : `${all}; ${others.join(", ")}.`;
}

/**
 * The intents worth a bar: those whose figure changed, and no more than so many.
 *
 * @param {readonly IntentRow[]} rows what changed most first
 * @param {number} most
 */
export const changedMost = (rows, most) =>
  rows.filter((row) => row.change !== null && row.change !== 0).slice(0, most);

/** @param {number} change */
export const pointsWords = (change) =>
  `${change < 0 ? "−" : "+"}${Math.abs(change * 100).toFixed(1)} points`;
