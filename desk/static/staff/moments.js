// @ts-check
/** Times and spans as people read them; pure, `now` always comes from outside. */

import { dayKey, dayLabel, timeOfDay } from "../shared/format.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const LOCALE = "en-GB";

const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "medium" });
const shortDate = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const longDate = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric",
  month: "short",
  year: "numeric",
});

/** @param {string} iso */
export const clockTime = (iso) => timeOfDay(iso, LOCALE);

/** @param {string} iso */
export const exactTime = (iso) => exact.format(new Date(iso));

/** @param {string} iso */
export const dateOf = (iso) => longDate.format(new Date(iso));

/**
 * @param {string} iso
 * @param {Date} now
 */
export const dayName = (iso, now) => dayLabel(iso, now, LOCALE);

/**
 * Short enough for a list: the time today, else the day.
 *
 * @param {string} iso
 * @param {Date} now
 */
export function stamp(iso, now) {
  const date = new Date(iso);
  if (dayKey(iso) === dayKey(now.toISOString())) return clockTime(iso);
  return date.getFullYear() === now.getFullYear() ? shortDate.format(date) : longDate.format(date);
}

/**
 * How long since `iso`: "now", "40 s", "3 min", "1 h 05", "2 d".
 *
 * @param {string} iso
 * @param {Date} now
 */
export function waited(iso, now) {
  const ms = Math.max(0, now.getTime() - new Date(iso).getTime());
  if (ms < 5_000) return "now";
  if (ms < MINUTE) return `${Math.floor(ms / 1000)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) {
    const minutes = Math.floor((ms % HOUR) / MINUTE);
    return `${Math.floor(ms / HOUR)} h ${String(minutes).padStart(2, "0")}`;
  }
  return `${Math.floor(ms / DAY)} d`;
}

/**
 * How long until `iso`, rounded down: "3 h 05", "40 min"; null when it is over.
 *
 * @param {string} iso
 * @param {Date} now
 */
export function left(iso, now) {
  const until = new Date(iso).getTime();
  if (until <= now.getTime()) return null;
  return until - now.getTime() < MINUTE ? "1 min" : waited(now.toISOString(), new Date(iso));
}

/**
 * Long enough that somebody should act: after two minutes soon, after five late.
 *
 * @param {string} iso
 * @param {Date} now
 * @returns {"fresh"|"soon"|"late"}
 */
export function urgency(iso, now) {
  const minutes = (now.getTime() - new Date(iso).getTime()) / MINUTE;
  if (minutes < 2) return "fresh";
  return minutes < 5 ? "soon" : "late";
}

/** @param {number} ms */
export function duration(ms) {
  if (ms < 1) return "<1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * What is left of a wait, as a clock: "0:09", "14:30".
 *
 * @param {number} seconds
 */
export function countdown(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
