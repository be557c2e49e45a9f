// @ts-check
/** How far a line of ours got: a quiet mark while all is well, a sentence when it is not; pure. */

/** @typedef {import("./types.js").Delivery} Delivery */

/** @type {Partial<Record<Delivery["state"], {mark: string, words: string}>>} */
const STAGES = {
  pending: { mark: "…", words: "Waiting" },
  sending: { mark: "…", words: "Being sent" },
  sent: { mark: "✓", words: "Sent" },
  delivered: { mark: "✓✓", words: "Delivered" },
  read: { mark: "✓✓", words: "Read" },
};

export const WINDOW_CLOSED = "window_closed";
export const OPTED_OUT = "opted_out";

/** @type {Record<string, string>} */
const CAUSES = {
  [OPTED_OUT]: "The customer asked for no more messages on this number.",
  [WINDOW_CLOSED]: "Not delivered: the channel's 24 hours were over.",
};

/**
 * The mark, and its words for who hovers or listens; null where there is trouble or nothing known.
 *
 * @param {Delivery|null} delivery
 */
export function stageOf(delivery) {
  const stage = delivery && STAGES[delivery.state];
  if (!stage || troubleOf(delivery)) return null;
  const again = delivery.state === "pending" && delivery.error !== null;
  return again ? { ...stage, words: `Waiting to be tried again (${delivery.error})` } : stage;
}

/**
 * What an agent must know; null when nothing is wrong.
 *
 * @param {Delivery|null} delivery
 */
export function troubleOf(delivery) {
  if (!delivery) return null;
  const { state, error } = delivery;
  const code = error ? ` (${error})` : "";
  switch (state) {
    case "pending":
      return error === WINDOW_CLOSED
        ? "Waits until the customer writes again: the channel's 24 hours are over."
        : null;
    case "unknown":
      return `Nobody knows whether it arrived${code}.`;
    case "failed":
    case "dead":
    case "dropped":
      return CAUSES[error ?? ""] ?? `Not delivered${code}.`;
    default:
      return null;
  }
}
