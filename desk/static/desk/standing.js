// @ts-check
/** Where one agent stands towards a conversation: what they may do, and who else has it; pure. */

/** @typedef {import("../staff/types.js").Conversation} Conversation */
/** @typedef {"bot"|"waiting"|"mine"|"theirs"|"resolved"} Standing */

/**
 * @param {Pick<Conversation, "state"|"agent">} conversation
 * @param {string} userId
 * @returns {Standing}
 */
export function standing({ state, agent }, userId) {
  if (state !== "agent") return state;
  return agent?.id === userId ? "mine" : "theirs";
}

/**
 * The badge of the owner, short enough for a list.
 *
 * @param {Pick<Conversation, "state"|"agent">} conversation
 * @param {string} userId
 */
export function ownerName(conversation, userId) {
  switch (standing(conversation, userId)) {
    case "bot":
      return "Bot";
    case "waiting":
      return "Waiting";
    case "mine":
      return "You";
    case "theirs":
      return conversation.agent?.name ?? "Another agent";
    default:
      return "Resolved";
  }
}

/**
 * Why a reply cannot be written now, for the place where it would be; null when it can.
 *
 * @param {Pick<Conversation, "state"|"agent"> & {block?: object|null}} conversation
 * @param {string} userId
 */
export function replyBarrier(conversation, userId) {
  switch (standing(conversation, userId)) {
    case "mine":
      return null;
    case "waiting":
      return "Claim the conversation to reply.";
    case "theirs":
      return `${conversation.agent?.name ?? "Another agent"} is answering. You can leave a note.`;
    case "bot":
      return "The bot is answering. You can leave a note.";
    default:
      if (conversation.block) {
        return "Blocked: what they write is not answered. You can leave a note.";
      }
      return "Resolved. It opens again when the customer writes. You can leave a note.";
  }
}
