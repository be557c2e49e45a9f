// @ts-check
/** For how long a conversation can be put off, on the clock of whoever does it; pure. */

import { clockTime, stamp } from "../staff/moments.js";

/** @typedef {{name: string, when: string, until: string|null}} Choice */

const LOCALE = "en-GB";
const MORNING = 9;
const EVENING = 18;
const HOUR_MS = 3_600_000;

const day = new Intl.DateTimeFormat(LOCALE, { weekday: "short", day: "numeric", month: "short" });

/**
 * @param {Date} now
 * @returns {Choice[]}
 */
export function choices(now) {
  const hour = new Date(now.getTime() + HOUR_MS);
  const evening = at(now, 0, EVENING);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    choice("In an hour", hour, clockTime(hour.toISOString())),
    ...(evening.getTime() - now.getTime() >= HOUR_MS
      ? [choice("This evening", evening, clockTime(evening.toISOString()))]
      : []),
    choice("Tomorrow morning", at(now, 1, MORNING)),
    ...(toMonday === 1 ? [] : [choice("Next Monday", at(now, toMonday, MORNING))]),
    { name: "Until the customer writes", when: "", until: null },
  ];
}

/**
 * Those in which every word typed occurs.
 *
 * @param {readonly Choice[]} all
 * @param {string} typed
 */
export function matching(all, typed) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ name, when }) =>
    wanted.every((word) => `${name} ${when}`.toLowerCase().includes(word))
  );
}

/**
 * What a badge says of it.
 *
 * @param {{until: string|null}} snoozed
 * @param {Date} now
 */
export function snoozedWords({ until }, now) {
  if (until === null) return "Until they write";
  const short = stamp(until, now);
  const clock = clockTime(until);
  return `Until ${short === clock ? clock : `${short}, ${clock}`}`;
}

/**
 * By the calendar, not by hours: a day on which the clock changes has 23 or 25.
 *
 * @param {Date} now
 * @param {number} days
 * @param {number} hour
 */
function at(now, days, hour) {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
}

/**
 * @param {string} name
 * @param {Date} until
 * @param {string} [when]
 * @returns {Choice}
 */
function choice(name, until, when) {
  const iso = until.toISOString();
  return { name, when: when ?? `${day.format(until)}, ${clockTime(iso)}`, until: iso };
}
