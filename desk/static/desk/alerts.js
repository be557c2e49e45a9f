// @ts-check
/** What of a live frame is worth calling an agent for who looks elsewhere; pure. */

import { reasonName } from "../staff/words.js";

/** @typedef {import("../staff/types.js").Agent} Agent */
/** @typedef {import("../staff/types.js").Conversation} Conversation */
/** @typedef {import("../staff/types.js").Message} Message */
/** @typedef {import("../staff/types.js").User} User */

/**
 * @typedef {object} Alert
 * @property {string} key the same in every window of this agent
 * @property {string} conversationId
 * @property {string} title
 * @property {string} text what somebody wrote; shown only to who wants that
 */

const LONGEST_TEXT = 140;

/**
 * @param {any} frame
 * @param {object} known
 * @param {User} known.user
 * @param {Agent|null} known.agent what they serve; null until that is known
 * @param {(id: string) => Conversation|undefined} known.before as it was before the frame
 * @returns {Alert|null}
 */
export function alertOf(frame, { user, agent, before }) {
  if (frame.type === "conversation") {
    return ofConversation(frame.conversation, before(frame.conversation.id), user, agent);
  }
  if (frame.type === "message") {
    return ofMessage(frame.message, before(frame.conversation_id), user);
  }
  return null;
}

/**
 * @param {Conversation} now
 * @param {Conversation|undefined} before
 * @param {User} user
 * @param {Agent|null} agent
 * @returns {Alert|null}
 */
function ofConversation(
  { id, state, customer, handoff, owner_epoch, ...now },
  before,
  user,
  agent,
) {
  const offer = handoff?.offer;
  if (offer && offer.agent.id === user.id && before?.handoff?.offer?.until !== offer.until) {
    const key = `${id} ${offer.until}`;
    const title = `${customer.name} is offered to you`;
    return { key, conversationId: id, title, text: short(now.last_message?.text ?? "") };
  }
  const moved = (before?.owner_epoch ?? -1) < owner_epoch;
  if (!moved) return null;
  const alert = { key: `${id} ${owner_epoch}`, conversationId: id, text: "" };
  if (state === "agent" && now.agent?.id === user.id && before?.agent?.id !== user.id) {
    return { ...alert, title: `${customer.name} is yours now` };
  }
  if (state !== "waiting" || !handoff || !serves(agent, handoff.queue)) return null;
  const title = `${customer.name} waits: ${reasonName(handoff.reason.code)}`;
  return { ...alert, title, text: short(now.last_message?.text ?? "") };
}

/**
 * @param {Message} message
 * @param {Conversation|undefined} conversation
 * @param {User} user
 * @returns {Alert|null}
 */
function ofMessage(message, conversation, user) {
  if (!conversation || message.event !== null) return null;
  const alert = { key: message.id, conversationId: conversation.id, text: short(message.text) };
  const { state, agent, customer } = conversation;
  if (message.author === "customer" && state === "agent" && agent?.id === user.id) {
    return { ...alert, title: `${customer.name} answered` };
  }
  if (message.private && message.author_name !== user.name && mentions(message.text, user.name)) {
    return { ...alert, title: `${message.author_name ?? "A colleague"} mentions you` };
  }
  return null;
}

/**
 * Whoever is away, or writes up what they just did, takes nobody new.
 *
 * @param {Agent|null} agent
 * @param {string} queue
 */
function serves(agent, queue) {
  if (agent?.presence !== "online") return false;
  return agent.queues.length === 0 || agent.queues.includes(queue);
}

/**
 * By the whole name, as the server reads it.
 *
 * @param {string} text
 * @param {string} name
 */
function mentions(text, name) {
  const whole = name.toLowerCase();
  return text.toLowerCase().split("@").slice(1).some((after) =>
    after.startsWith(whole) && !/^[\p{L}\p{N}]/u.test(after.slice(whole.length))
  );
}

/** @param {string} text */
function short(text) {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT - 1)}…` : line;
}
