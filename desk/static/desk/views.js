// @ts-check
/** Which conversations a view shows and in which order; pure. */

/** @typedef {import("../staff/types.js").Conversation} Conversation */
/** @typedef {import("../staff/types.js").ConversationState} ConversationState */
/** @typedef {"waiting"|"mine"|"mentions"|"snoozed"|"open"|"resolved"} View */

/** @type {{id: View, name: string, states: ConversationState[], empty: string}[]} */
export const VIEWS = [
  {
    id: "waiting",
    name: "Waiting",
    states: ["waiting"],
    empty: "Nobody is waiting. New hand-offs appear here by themselves.",
  },
  {
    id: "mine",
    name: "Mine",
    states: ["agent"],
    empty: "You have no open conversations. Claim one under Waiting.",
  },
  {
    id: "mentions",
    name: "Mentions",
    states: [],
    empty: "Nobody has mentioned you in a note that you have not seen.",
  },
  {
    id: "snoozed",
    name: "Snoozed",
    states: ["agent"],
    empty: "Nothing is snoozed. Alt+M puts the open conversation off.",
  },
  {
    id: "open",
    name: "All open",
    states: ["bot", "waiting", "agent"],
    empty: "No conversation is open.",
  },
  {
    id: "resolved",
    name: "Resolved",
    states: ["resolved"],
    empty: "Nothing has been resolved yet.",
  },
];

/** @param {string} id */
export function viewOf(id) {
  return VIEWS.find((view) => view.id === id) ?? VIEWS[0];
}

/**
 * @param {View} view
 * @param {Pick<Conversation, "state"|"agent"|"snoozed"|"mentions">} conversation
 * @param {string} userId
 */
export function belongs(view, conversation, userId) {
  const { state, agent, snoozed } = conversation;
  if (view === "mentions") return conversation.mentions.includes(userId);
  if (view === "mine" || view === "snoozed") {
    return state === "agent" && agent?.id === userId && (view === "snoozed") === (snoozed !== null);
  }
  return viewOf(view).states.includes(conversation.state);
}

/**
 * Waiting: who is to be served first. Snoozed: what comes back first. Everything else: what changed
 * last comes first.
 *
 * @param {View} view
 * @param {Iterable<Conversation>} conversations
 * @param {string} userId
 * @returns {Conversation[]}
 */
export function listed(view, conversations, userId) {
  const shown = [...conversations].filter((one) => belongs(view, one, userId));
  return shown.sort((a, b) => {
    const order = view === "waiting"
      ? inOrder(rank(a), rank(b))
      : view === "snoozed"
      ? inOrder(backAt(a), backAt(b))
      : inOrder(b.updated_at, a.updated_at);
    return order || inOrder(a.id, b.id);
  });
}

/**
 * @param {View} view
 * @param {Iterable<Conversation>} conversations
 * @param {string} userId
 */
export function counted(view, conversations, userId) {
  let count = 0;
  for (const one of conversations) if (belongs(view, one, userId)) count++;
  return count;
}

/**
 * The API writes all its moments alike, so that their texts are in the order of time: thousands are
 * sorted without reading one.
 *
 * @param {string} a
 * @param {string} b
 */
function inOrder(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Whether `incoming` may replace `known`: frames and fetches overtake each other, and an older
 * owner must never come back on the screen.
 *
 * @param {Pick<Conversation, "owner_epoch"|"updated_at">|undefined} known
 * @param {Pick<Conversation, "owner_epoch"|"updated_at">} incoming
 */
export function isNewer(known, incoming) {
  if (!known || incoming.owner_epoch !== known.owner_epoch) {
    return !known || incoming.owner_epoch > known.owner_epoch;
  }
  return Date.parse(incoming.updated_at) >= Date.parse(known.updated_at);
}

/** @param {Conversation} conversation */
const rank = (conversation) => conversation.handoff?.ranked_at ?? conversation.updated_at;

/** @param {Conversation} conversation */
const backAt = ({ snoozed }) => snoozed?.until ?? "9999";

/** @param {Pick<Conversation, "handoff"|"updated_at">} conversation */
export function waitingSince(conversation) {
  return conversation.handoff?.requested_at ?? conversation.updated_at;
}

/**
 * Since when the customer has been waiting for a person; null when it is not their turn to wait.
 *
 * @param {Conversation} conversation
 * @returns {string|null}
 */
export function customerWaitsSince(conversation) {
  if (conversation.state === "waiting") return waitingSince(conversation);
  const last = conversation.last_message;
  return conversation.state === "agent" && last?.author === "customer" ? last.created_at : null;
}
