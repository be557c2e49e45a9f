// @ts-check
/** What conflicts among training examples say of themselves; pure. */

import { counted } from "./discover_words.js";

/**
 * @typedef {object} Example
 * @property {string} text
 * @property {string} intent
 * @property {string} file below data/
 * @property {number} line
 *
 * @typedef {object} Nearer
 * @property {Example} example
 * @property {Example} nearest of the intent that it is nearer to
 * @property {number} own
 * @property {number} other
 *
 * @typedef {object} Leak
 * @property {string} one
 * @property {string} other
 * @property {number} of_one
 * @property {number} of_other
 * @property {Nearer[]} worst
 *
 * @typedef {object} Fed
 * @property {string} name
 * @property {string} risk_class
 * @property {number} accepted_wrong_rate
 * @property {number} guarantee
 * @property {number} examples
 * @property {number} least
 * @property {number} missing
 *
 * @typedef {object} Conflicts
 * @property {"none"|"running"|"done"|"failed"} state
 * @property {string} problem
 * @property {number} examples
 * @property {number} intents
 * @property {number} nearer_count
 * @property {Nearer[]} nearer
 * @property {Example[][]} copies
 * @property {Leak[]} leaks
 * @property {Fed[]} starving_classes
 * @property {Fed[]} starving
 */

/** @param {Example} example */
export const placeWords = ({ file, line }) => `data/${file}:${line}`;

/** @param {number} share */
export const percent = (share) => `${Number((share * 100).toFixed(1))} %`;

/** @param {Nearer} nearer */
export const alikeWords = ({ own, other }) =>
  `${Math.round(other * 100)} % alike, ${Math.round(own * 100)} % to its own`;

/** @param {Conflicts} conflicts */
export function stateWords({ state, problem, examples, intents }) {
  if (state === "failed") {
    return problem || "The examples could not be compared; the server's log says more.";
  }
  if (state !== "done") return "Comparing all training examples. It takes a few seconds…";
  if (examples === 0) return "There is no training example. They are written under data/nlu/.";
  return `${counted(examples, "example")} of ${counted(intents, "intent")} were compared.`;
}

/** @param {Leak} leak */
export function leakWords({ one, other, of_one, of_other }) {
  const parts = [];
  if (of_one) parts.push(`${of_one} of ${one}`);
  if (of_other) parts.push(`${of_other} of ${other}`);
  return parts.join(", ");
}

/** @param {Fed} fed */
export const missingWords = ({ missing }) =>
  missing ? `${missing.toLocaleString("en-GB")} more` : "enough";

/** @param {Fed} fed */
export const promiseWords = ({ risk_class, accepted_wrong_rate, guarantee }) =>
  `${risk_class}: ${percent(accepted_wrong_rate)} wrong at most, sure to ${percent(guarantee)}`;

/** @param {Fed} fed a whole risk class */
export const classWords = (fed) =>
  `Nothing can be promised of ${fed.name} yet: it has ${fed.examples} of the ${fed.least} examples ` +
  `that ${percent(fed.accepted_wrong_rate)} at ${percent(fed.guarantee)} takes.`;
