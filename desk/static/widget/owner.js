// @ts-check
/** Says in words who the customer is talking to, and how the connection is. */

/** @typedef {import("./model.js").Conversation} Conversation */
/** @typedef {import("./model.js").ConnectionState} ConnectionState */
/** @typedef {{kind: "bot" | "waiting" | "agent" | "resolved", title: string, detail: string, canAsk: boolean}} Owner */

/**
 * `canAsk`: a person can still be asked for.
 * @param {Conversation | null} conversation
 * @returns {Owner}
 */
export function describeOwner(conversation) {
  switch (conversation?.state) {
    case "waiting":
      return {
        kind: "waiting",
        title: "Waiting for a person",
        detail: queuePlace(conversation.queue_position),
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
