// @ts-check
/** Says in words who the customer is talking to, and how the connection is. */

import { dayLabel, timeOfDay } from "../shared/format.js";

/** @typedef {import("./model.js").Conversation} Conversation */
/** @typedef {import("./model.js").ConnectionState} ConnectionState */
const SHUT = "closed"; // the line that a blocked sender is told once
/** @typedef {{kind: "bot" | "waiting" | "agent" | "resolved", title: string, detail: string, canAsk: boolean}} Owner */

/**
 * `canAsk`: a person can still be asked for. `heard` is what the last line was that the customer did
 * not write: who was told that nothing is answered here is not asked to write.
 * @param {Conversation | null} conversation
 * @param {{heard?: string | null, now?: Date, locale?: string}} [about]
 * @returns {Owner}
 */
export function describeOwner(conversation, { heard = null, now = new Date(), locale } = {}) {
  switch (conversation?.state) {
    case "waiting":
      return {
        kind: "waiting",
        title: "Waiting for a person",
        detail: isAway(conversation, now)
          ? `Nobody is here now. Back ${moment(conversation.back_at ?? "", now, locale)}.`
          : `${queuePlace(conversation.queue_position)}${lately(conversation.estimated_seconds)}`,
        canAsk: false,
      };
    case "agent":
      return {
        kind: "agent",
        title: `${conversation.agent?.name ?? "Someone"} from support`,
        detail: "A person is answering you.",
        canAsk: false,
      };
    case "resolved":
      if (heard === SHUT) {
        return {
          kind: "resolved",
          title: "Chat closed",
          detail: "Messages here are not answered.",
          canAsk: false,
        };
      }
      return {
        kind: "resolved",
        title: "Chat closed",
        detail: "Write to open it again.",
        canAsk: true,
      };
    default:
      return {
        kind: "bot",
        title: "Warmline assistant",
        detail: "Automated, not a person.",
        canAsk: true,
      };
  }
}

/**
 * @param {Conversation} conversation
 * @param {Date} now
 */
function isAway({ back_at }, now) {
  return back_at !== null && Date.parse(back_at) > now.getTime();
}

/**
 * In the customer's own time: "today at 14:00", "Monday 9 February at 09:00".
 * @param {string} iso
 * @param {Date} now
 * @param {string} [locale]
 */
function moment(iso, now, locale) {
  const day = dayLabel(iso, now, locale);
  return `${day === "Today" ? "today" : day} at ${timeOfDay(iso, locale)}`;
}

/** @param {number | null} seconds */
function lately(seconds) {
  if (seconds === null) return "";
  if (seconds <= 60) return " Lately it took less than a minute.";
  if (seconds <= 300) return " Lately it took a few minutes.";
  return ` Lately it took up to ${Math.ceil(seconds / 300) * 5} minutes.`;
}

/** @param {number | null} position */
function queuePlace(position) {
  if (position === null) return "Everything you write here is kept for them.";
  if (position <= 1) return "You are next in the queue.";
  return `You are number ${position} in the queue.`;
}

/** @type {Record<ConnectionState, string>} */
export const CONNECTION_WORDS = {
  connecting: "Connecting",
  connected: "Connected",
  reconnecting: "Reconnecting",
  offline: "Offline",
};
