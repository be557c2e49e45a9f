// @ts-check
/** Figures of surveys in words, and the days they are of; pure. */

/** @typedef {import("../staff/types.js").Figures} Figures */

const DAY_MS = 24 * 60 * 60_000;

/** @param {number|null} mean from 1 to 5 */
export const meanText = (mean) => mean === null ? "–" : mean.toFixed(1);

/** @param {number|null} share */
export const shareText = (share) => share === null ? "–" : `${Math.round(share * 100)} %`;

/** @param {Pick<Figures, "asked"|"answered">} figures */
export const answeredShare = ({ asked, answered }) => asked === 0 ? null : answered / asked;

/**
 * The last so many days in UTC, today's last, as YYYY-MM-DD.
 *
 * @param {Date} now
 * @param {number} count
 */
export function daysBack(now, count) {
  return Array.from(
    { length: count },
    (_, index) => new Date(now.getTime() - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}

/**
 * What a chart shows, in one sentence.
 *
 * @param {Figures} total
 * @param {number} days
 */
export function summary(total, days) {
  if (total.answered === 0) return `Nobody answered in the last ${days} days.`;
  return `Mean satisfaction by day, the last ${days} days: ${meanText(total.csat)} of 5 over all.`;
}
