// @ts-check
/** Who is being offered to an agent, and in which words; pure. */

import { intentName } from "../staff/words.js";
import { channelName } from "../shared/channels.js";

/** @typedef {import("../staff/types.js").Conversation} Conversation */

/** As many as the server lets run out in a row before it sets who missed them to away. */
const MISSED_IN_A_ROW = 2;

/**
 * The one that is offered to this agent: there is never more than one.
 *
 * @param {Iterable<Conversation>} conversations
 * @param {string} userId
 * @returns {Conversation|null}
 */
export function offeredTo(conversations, userId) {
  for (const one of conversations) {
    if (one.state === "waiting" && one.handoff?.offer?.agent.id === userId) return one;
  }
  return null;
}

/**
 * What they want, why the bot stopped, and where they write, in a line.
 *
 * @param {Conversation} conversation
 */
export function offerWords({ handoff, channel }) {
  const wish = handoff?.intent ? intentName(handoff.intent) : null;
  const words = [handoff?.tier, wish, handoff?.reason.text, channelName(channel)];
  return words.filter(Boolean).join(" · ");
}

/**
 * Whole seconds that are left to decide, never less than none: a page's clock may be ahead.
 *
 * @param {string} until
 * @param {Date} now
 */
export function secondsLeft(until, now) {
  return Math.max(0, Math.ceil((Date.parse(until) - now.getTime()) / 1000));
}

/** @param {Pick<import("../staff/types.js").Agent, "presence"|"missed_offers">|null} agent */
export function wasSetAway(agent) {
  return agent?.presence === "away" && agent.missed_offers >= MISSED_IN_A_ROW;
}
