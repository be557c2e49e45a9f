// @ts-check
/** Why and for how long somebody is blocked, in words; pure. */

import { clockTime, dateOf } from "./moments.js";

/** @typedef {import("./types.js").Block} Block */

/** @type {Record<Block["reason"], string>} */
export const REASONS = {
  spam: "Spam or advertising",
  abuse: "Insults",
  threats: "Threats",
  fraud: "Attempted fraud",
  other: "Something else",
};

/** @type {{name: string, hours: number|null}[]} */
export const SPANS = [
  { name: "For a day", hours: 24 },
  { name: "For a week", hours: 7 * 24 },
  { name: "For 30 days", hours: 30 * 24 },
  { name: "For good", hours: null },
];

/** @param {Block} block */
export function spanWords({ until, lifted_at }) {
  if (lifted_at) return `lifted ${moment(lifted_at)}`;
  return until ? `until ${moment(until)}` : "for good";
}

/** @param {string} iso */
const moment = (iso) => `${dateOf(iso)}, ${clockTime(iso)}`;

/** @param {Block} block */
export function heardWords({ heard }) {
  if (heard === 0) return "Nothing written since.";
  return heard === 1 ? "1 message since, not answered." : `${heard} messages since, not answered.`;
}
