// @ts-check
/** What the review page says, and what its keys do; pure. */

import { intentName } from "../staff/words.js";

/** @typedef {import("../staff/types.js").Turn} Turn */
/**
 * @typedef {object} ReviewItem a message to label, with all that say the same
 * @property {Turn} turn
 * @property {string[]} turn_ids
 * @property {number} waiting
 * @property {string|null} fate
 * @property {string|null} wrap_up_intent
 * @property {string[]} alike other wordings among them
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
  { keys: ["e"], words: "Mark words: ← → choose them, Enter names them" },
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
 * What a digit stands for: requests only, since a verdict has a key of its own. What an agent said
 * against the bot's reading stands first.
 *
 * @param {ReviewItem} item
 * @returns {{intent: string, confidence: number|null}[]}
 */
export function suggestions({ turn, wrap_up_intent: said }) {
  const ranked = turn.ranking.filter(({ intent }) =>
    intent !== "nlu_fallback" && intent !== OUT_OF_SCOPE
  );
  if (said === null || said === OUT_OF_SCOPE || said === turn.intent) {
    return ranked.slice(0, MOST_RANKED);
  }
  const known = ranked.find(({ intent }) => intent === said);
  const others = ranked.filter((one) => one !== known);
  return [known ?? { intent: said, confidence: null }, ...others].slice(0, MOST_RANKED);
}

/**
 * What the bot read the message as; null where it read nothing that a label can say.
 *
 * @param {ReviewItem} item
 * @param {readonly string[]} intents
 */
export const readingOf = ({ turn }, intents) =>
  turn.intent !== null && intents.includes(turn.intent) ? turn.intent : null;

/** @param {number} count */
export const messages = (count) => count === 1 ? "1 message" : `${count} messages`;

/** @param {readonly ReviewItem[]} items */
export const sizeOf = (items) => items.reduce((all, { turn_ids }) => all + turn_ids.length, 0);

/**
 * @param {readonly (string|null)[]} given the different labels
 * @param {number} count
 */
export function labelled(given, count) {
  const [intent] = given;
  if (given.length > 1) return `As read: ${messages(count)}. U undoes it.`;
  return intent === null
    ? `Skipped ${messages(count)}. U undoes it.`
    : `${intentName(intent)}: ${messages(count)}. U undoes it.`;
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
