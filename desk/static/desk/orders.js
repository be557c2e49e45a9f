// @ts-check
/** The orders of a customer as an agent needs them: the one talked about first; pure. */

/** @typedef {import("../staff/types.js").Order} Order */

/** @type {Record<string, "good"|"warn"|"bad"|"calm">} */
const TONES = {
  delivered: "good",
  delayed: "warn",
  lost: "bad",
  cancelled: "bad",
  returned: "warn",
};

/**
 * @param {readonly Order[]} orders
 * @param {string|null} mentioned the number the customer gave
 * @returns {Order[]}
 */
export function byRelevance(orders, mentioned) {
  return [...orders].sort((a, b) => {
    const first = Number(b.number === mentioned) - Number(a.number === mentioned);
    return first || (b.placed_at ?? "").localeCompare(a.placed_at ?? "");
  });
}

/** @param {string} state */
export function orderTone(state) {
  return TONES[state] ?? "calm";
}

/**
 * "€ 84.90", or the bare number when the currency is unknown.
 *
 * @param {Pick<Order, "total"|"currency">} order
 */
export function totalOf({ total, currency }) {
  if (total === null || total === "") return "";
  const amount = Number(total);
  if (Number.isNaN(amount)) return `${total} ${currency ?? ""}`.trim();
  try {
    return new Intl.NumberFormat("en-GB", {
      style: "currency",
      currency: currency ?? "",
    }).format(amount);
  } catch {
    return `${amount.toFixed(2)} ${currency ?? ""}`.trim();
  }
}

/**
 * The newest carrier event first: where the parcel is now is the question.
 *
 * @param {Order} order
 */
export function eventsOf({ tracking_events: events }) {
  return [...(events ?? [])].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
