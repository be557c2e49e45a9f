// @ts-check
/** Whether the customer can be written to now on the channel where they are answered; pure. */

import { channelName } from "../shared/channels.js";
import { OPTED_OUT, WINDOW_CLOSED } from "../staff/delivery.js";

/** @typedef {import("../staff/types.js").Message} Message */

/**
 * Why what is sent now will not arrive, or not yet; null when nothing is known against it.
 *
 * @param {readonly Message[]} messages in order
 * @param {string} channel
 */
export function reachProblem(messages, channel) {
  const lines = messages.filter((one) => one.channel === channel && !one.private);
  const word = lines.findLast(({ event }) => event === "opt_out" || event === "opt_in");
  const refused = lines.findLast(({ delivery }) => delivery?.error === OPTED_OUT);
  if (word?.event === "opt_out" || (refused && refused.seq > (word?.seq ?? 0))) {
    return `The customer asked for no more messages on ${channelName(channel)}. ` +
      "What you send will not be delivered until they ask for messages again.";
  }
  const last = lines.findLast((one) => isWritten(one) || one.delivery?.error === WINDOW_CLOSED);
  if (!last || isWritten(last)) return null;
  return `${
    channelName(channel)
  } takes no message now: the customer last wrote more than 24 hours ` +
    "ago. What you send waits until they write again.";
}

/**
 * The customer's own words open the window; what they do beside them, they may do long after.
 *
 * @param {Message} message
 */
function isWritten({ author, event }) {
  return author === "customer" && (event === null || event === "too_fast");
}
