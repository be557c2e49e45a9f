// @ts-check
/** What the mailbox says of itself. */

/**
 * How many mails there are, and how many of them came since the last look (`known` then; −1 before
 * the first).
 *
 * @param {number} count
 * @param {number} known
 */
export function newsOf(count, known) {
  if (count === 0) return "No mail yet. Ask the assistant for an invoice, for example.";
  const mails = `${count} ${count === 1 ? "mail" : "mails"}`;
  const fresh = known < 0 ? 0 : count - known;
  return fresh > 0 ? `${mails}, ${fresh} new` : mails;
}

/**
 * Why there is nothing new to see.
 *
 * @param {number} status of the answer; 0 when none came
 */
export function inWords(status) {
  if (status === 401) {
    return "You were signed out after some hours. Open the mailbox from the shop again.";
  }
  return "The mailbox cannot be read right now. It is tried again by itself.";
}
