// @ts-check
/** Dates and times as people read them: in the reader's own time zone and, unless told, locale. */

/**
 * The time of day, such as "14:05".
 * @param {string} iso an ISO-8601 time
 * @param {string} [locale]
 */
export function timeOfDay(iso, locale) {
  return new Date(iso).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
}

/**
 * The calendar day, in the reader's time zone, as a key that can be compared.
 * @param {string} iso
 */
export function dayKey(iso) {
  const at = new Date(iso);
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
}

/**
 * "Today", "Yesterday", or the date; the year only where it is not this one.
 * @param {string} iso
 * @param {Date} [now]
 * @param {string} [locale]
 */
export function dayLabel(iso, now = new Date(), locale) {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (dayKey(iso) === dayKey(now.toISOString())) return "Today";
  if (dayKey(iso) === dayKey(yesterday.toISOString())) return "Yesterday";
  const at = new Date(iso);
  return at.toLocaleDateString(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: at.getFullYear() === now.getFullYear() ? undefined : "numeric",
  });
}
