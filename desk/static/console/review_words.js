// @ts-check
/** What the review page says, and what its keys do; pure. */

import { intentName } from "../staff/words.js";

/** @typedef {import("../staff/types.js").Turn} Turn */
/**
 * @typedef {object} ReviewItem a message to label, with all that have the same words
 * @property {Turn} turn
 * @property {string[]} turn_ids
 * @property {number} waiting
 * @property {string|null} fate
 * @property {string|null} wrap_up_intent
 */
/** @typedef {{start: number, end: number, entity: string}} Span */

export const OUT_OF_SCOPE = "out_of_scope";
const MOST_RANKED = 5;

export const KEYS = [
  { keys: ["Enter"], words: "Right as read" },
  { keys: ["1", "…", "5"], words: "The ranked intent of this number" },
  { keys: ["/"], words: "Another intent, by typing; or a new one" },
  { keys: ["o"], words: "Out of scope" },
  { keys: ["s"], words: "Skip: nothing to learn from it" },
  { keys: ["u", "Ctrl Z"], words: "Undo" },
  { keys: ["j", "↓"], words: "Next message" },
  { keys: ["k", "↑"], words: "Previous message" },
  { keys: ["x"], words: "Select, to label several at once; with Shift all up to here" },
  { keys: ["?"], words: "These keys" },
];

/** @type {Record<string, string>} */
const FATES = {
  confirmed: "The customer confirmed the answer",
  corrected: "The customer corrected it",
  went_on: "The customer went on",
};

/** @param {ReviewItem} item */
export function afterwards({ fate, wrap_up_intent: intent }) {
  const agent = intent ? `An agent says it was about: ${intentName(intent)}` : "";
  return [fate ? FATES[fate] ?? "" : "", agent].filter(Boolean).join(" · ");
}

/**
 * What a digit stands for: requests only, since a verdict has a key of its own.
 *
 * @param {Turn} turn
 */
export function rankedIntents({ ranking }) {
  return ranking
    .filter(({ intent }) => intent !== "nlu_fallback" && intent !== OUT_OF_SCOPE)
    .slice(0, MOST_RANKED);
}

/**
 * @param {string|null} intent
 * @param {number} count
 */
export function labelled(intent, count) {
  const what = count === 1 ? "1 message" : `${count} messages`;
  return intent === null
    ? `Skipped ${what}. U undoes it.`
    : `${intentName(intent)}: ${what}. U undoes it.`;
}

/**
 * The intents with what is typed in their names, those that begin so first.
 *
 * @param {readonly string[]} intents
 * @param {string} typed
 */
export function matching(intents, typed) {
  const wanted = typed.trim().toLowerCase().replaceAll(" ", "_");
  const found = intents.filter((intent) => intent.includes(wanted));
  return found.sort((a, b) => Number(b.startsWith(wanted)) - Number(a.startsWith(wanted)));
}

/**
 * The name that a new intent would have; "" for words that make none.
 *
 * @param {string} typed
 */
export function newName(typed) {
  return typed.trim().toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
}

/**
 * Characters as the server counts them, where a picture of two code units is one.
 *
 * @param {string} before the text before a place
 */
export const placeOf = (before) => [...before].length;
