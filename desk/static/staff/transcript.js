// @ts-check
/** The order and grouping of a transcript; pure, so that desk and console show the same thing. */

import { dayKey } from "../shared/format.js";

/** @typedef {import("./types.js").Message} Message */

/**
 * @typedef {{kind: "day", key: string, at: string}
 *   | {kind: "event", key: string, message: Message}
 *   | {kind: "group", key: string, author: Message["author"], name: string|null, private: boolean,
 *      messages: Message[]}} Entry
 */

const GROUP_GAP_MS = 5 * 60_000;

/**
 * Server messages by id, in the order of `seq`; a later copy of a message replaces the earlier one.
 *
 * @param {readonly Message[]} known
 * @param {readonly Message[]} incoming
 * @returns {Message[]}
 */
export function mergeMessages(known, incoming) {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of incoming) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * Messages this page has sent and the server has not confirmed come last. The live copy often overtakes the
 * answer to the request that sent it; both carry the uuid, so the message is shown once.
 *
 * @param {readonly Message[]} confirmed
 * @param {readonly Message[]} unsent their `id` is the uuid they were sent under
 * @returns {Message[]}
 */
export function withUnsent(confirmed, unsent) {
  const arrived = new Set(confirmed.map((message) => message.client_id));
  return [...confirmed, ...unsent.filter((message) => !arrived.has(message.id))];
}

/**
 * Day lines, events of the conversation, and runs of messages by one author close in time.
 *
 * @param {readonly Message[]} messages in order
 * @returns {Entry[]}
 */
export function arrange(messages) {
  /** @type {Entry[]} */
  const entries = [];
  /** @type {Message|null} */
  let previous = null;
  for (const message of messages) {
    if (!previous || dayKey(previous.created_at) !== dayKey(message.created_at)) {
      entries.push({ kind: "day", key: `day of ${message.id}`, at: message.created_at });
    }
    const last = entries[entries.length - 1];
    if (message.author === "system") {
      entries.push({ kind: "event", key: message.id, message });
    } else if (last.kind === "group" && previous && continues(previous, message)) {
      last.messages.push(message);
    } else {
      entries.push({
        kind: "group",
        key: message.id,
        author: message.author,
        name: message.author_name,
        private: message.private,
        messages: [message],
      });
    }
    previous = message;
  }
  return entries;
}

/**
 * @param {Message} before
 * @param {Message} after
 */
function continues(before, after) {
  const gap = Date.parse(after.created_at) - Date.parse(before.created_at);
  return before.author === after.author && before.author_name === after.author_name &&
    before.private === after.private && gap < GROUP_GAP_MS;
}
