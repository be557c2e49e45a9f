// @ts-check
/** Drift in words, and the shapes of its API; pure. */

import { counted } from "./discover_words.js";

/**
 * @typedef {"volume"|"confidence"|"refused"|"share"} Measure
 * @typedef {{low: number, high: number}} Range
 * @typedef {object} DriftDay
 * @property {string} day
 * @property {number} messages
 * @property {number|null} confidence
 * @property {number|null} refused
 * @property {Partial<Record<Measure, Range>>} expected
 *
 * @typedef {object} DriftChange
 * @property {Measure} measure
 * @property {number} days
 * @property {number|null} now
 * @property {number|null} before
 * @property {number|null} p
 * @property {boolean} is_alarm
 *
 * @typedef {object} DriftMover
 * @property {string} intent
 * @property {number} messages_now
 * @property {number} messages_before
 * @property {Record<Measure, number>} now
 * @property {Record<Measure, number>} before
 * @property {Partial<Record<Measure, number>>} p
 * @property {Measure[]} alarms
 *
 * @typedef {{examples: number, confidence: number, refused: number, accuracy: number}} OwnExamples
 *
 * @typedef {object} Drift
 * @property {string} today
 * @property {string|null} since
 * @property {number} weeks
 * @property {boolean} is_alarm
 * @property {DriftDay[]} days
 * @property {DriftChange[]} changes
 * @property {DriftMover[]} movers
 * @property {string|null} movers_since
 * @property {string} model
 * @property {OwnExamples|null} own_examples
 */

/** @type {Record<Measure, string>} */
export const NAMES = {
  volume: "Messages",
  confidence: "Mean confidence",
  refused: "Refused",
  share: "Share of messages",
};

/** @param {number} count */
export const countText = (count) => Math.round(count).toLocaleString("en-GB");

/** @param {number} share */
export const percent = (share) => `${(share * 100).toFixed(1)} %`;

/**
 * @param {Measure} measure
 * @param {number|null|undefined} value
 */
export function valueText(measure, value) {
  if (value === null || value === undefined) return "–";
  return measure === "volume" ? countText(value) : percent(value);
}

/** @param {number|null|undefined} p */
export function pText(p) {
  if (p === null || p === undefined) return "too few";
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}

/** @param {number} days */
export const periodText = (days) => days === 1 ? "the last full day" : `the last ${days} full days`;

/** @param {Drift} drift */
export const comparedWith = ({ weeks }) => `the ${weeks} weeks before`;

/** @param {DriftChange} change */
export function changeWords({ measure, days, now, before }) {
  const values = `${valueText(measure, now)} instead of ${valueText(measure, before)}`;
  return `${NAMES[measure]} in ${periodText(days)}: ${values}.`;
}

/** @param {DriftMover} mover */
export function moverWords({ intent, now, before, alarms }) {
  const moved = alarms.map((measure) =>
    `${NAMES[measure].toLowerCase()} ${valueText(measure, now[measure])} ` +
    `instead of ${valueText(measure, before[measure])}`
  );
  return `${intent}: ${moved.join(", ")}.`;
}

/**
 * A headline, and what it rests on.
 *
 * @param {Drift} drift
 * @returns {[string, string]}
 */
export function verdict(drift) {
  if (drift.since === null) {
    return [
      "Nothing is logged yet.",
      "How many messages come, how sure the bot is of them and how many it refuses will be here by " +
      "day, beside what the model's own examples promise. After three weeks the page says when " +
      "customers begin to write otherwise.",
    ];
  }
  if (drift.weeks === 0) {
    return [
      "It is too early to say.",
      "The last 7 full days are compared with whole weeks before them, two at least. " +
      `The log begins on ${drift.since}.`,
    ];
  }
  if (drift.is_alarm) {
    return [
      "Customers write otherwise than before.",
      `Compared with ${comparedWith(drift)}; less than one such alarm in a hundred is chance.`,
    ];
  }
  return [
    "Customers write as before.",
    `The last full day and the last 7 differ from ${comparedWith(drift)} by no more than chance, ` +
    "or too little to matter.",
  ];
}

/** @param {Drift} drift */
export function examplesWords({ model, own_examples: own }) {
  if (own === null) return `The model ${model} says nothing of its own examples.`;
  return `Of its ${countText(own.examples)} own examples, each as if it had not seen it, the model is ` +
    `${percent(own.confidence)} sure on average, refuses ${percent(own.refused)} and gets ` +
    `${percent(own.accuracy)} right.`;
}

/**
 * What a chart shows, in one sentence; the last day is today, which is not over.
 *
 * @param {Measure} measure
 * @param {DriftDay[]} days
 */
export function chartWords(measure, days) {
  const outside = days.slice(0, -1).filter((day) => isOutside(measure, day)).length;
  const words = `${NAMES[measure]} by day, ${counted(days.length, "day")}`;
  if (!days.some((day) => day.expected[measure])) return `${words}.`;
  return `${words}: ${outside === 0 ? "none" : outside} outside what is expected.`;
}

/**
 * @param {Measure} measure
 * @param {DriftDay} day
 * @returns {number|null}
 */
export function valueOf(measure, day) {
  if (measure === "volume") return day.messages;
  return measure === "confidence" ? day.confidence : day.refused;
}

/**
 * @param {Measure} measure
 * @param {DriftDay} day
 */
export function isOutside(measure, day) {
  const value = valueOf(measure, day);
  const range = day.expected[measure];
  return value !== null && range !== undefined && (value < range.low || value > range.high);
}

/**
 * @param {Measure} measure
 * @param {DriftDay} day
 */
export function rangeText(measure, { expected }) {
  const range = expected[measure];
  return range ? `${valueText(measure, range.low)} to ${valueText(measure, range.high)}` : "–";
}

/**
 * @param {DriftMover} mover
 * @param {string} since
 */
export const turnsOf = ({ intent }, since) =>
  `/console/turns?${new URLSearchParams({ intent, since })}`;
