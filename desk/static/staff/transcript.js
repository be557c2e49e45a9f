// @ts-check
/** The order and grouping of a transcript; pure, so that desk and console show the same thing. */

import { dayKey } from "../shared/format.js";
import { isHappening } from "../shared/happenings.js";

/** @typedef {import("./types.js").Message} Message */

/**
 * `channel` is set where the conversation turns to it, `about` is the message that an event is about.
 *
 * @typedef {{kind: "day", key: string, at: string}} Day
 * @typedef {{kind: "event", key: string, channel: string|null, message: Message,
 *   about: {id: string, text: string}|null}} Happening
 * @typedef {{kind: "group", key: string, channel: string|null, author: Message["author"],
 *   name: string|null, private: boolean, messages: Message[]}} Group
 * @typedef {Day|Happening|Group} Entry
 */

const GROUP_GAP_MS = 5 * 60_000;

/**
 * Server messages by id, in the order of `seq`; a later copy of a message replaces the earlier one. Only
 * whole transcripts say how far a message got: a copy that does not takes nothing back.
 *
 * @param {readonly Message[]} known
 * @param {readonly Message[]} incoming
 * @returns {Message[]}
 */
export function mergeMessages(known, incoming) {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of incoming) {
    const delivery = message.delivery ?? byId.get(message.id)?.delivery ?? null;
    byId.set(message.id, { ...message, delivery });
  }
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
  const byId = new Map(messages.map((message) => [message.id, message]));
  /** @type {Entry[]} */
  const entries = [];
  /** @type {Message|null} */
  let previous = null;
  /** @type {string|null} of the last line that was not among colleagues */
  let before = null;
  for (const message of messages) {
    const channel = message.private || message.channel === before ? null : message.channel;
    if (!message.private) before = message.channel;
    if (!previous || dayKey(previous.created_at) !== dayKey(message.created_at)) {
      entries.push({ kind: "day", key: `day of ${message.id}`, at: message.created_at });
    }
    const last = entries[entries.length - 1];
    if (isHappening(message)) {
      const about = byId.get(message.about ?? "");
      entries.push({
        kind: "event",
        key: message.id,
        channel,
        message,
        about: about ? { id: about.id, text: about.text } : null,
      });
    } else if (last.kind === "group" && previous && continues(previous, message)) {
      last.messages.push(message);
    } else {
      entries.push({
        kind: "group",
        key: message.id,
        channel,
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
    before.private === after.private && (before.private || before.channel === after.channel) &&
    gap < GROUP_GAP_MS;
}

/**
 * Runs of the very same words, each as one message that says how often it was sent: its last, or the marked.
 *
 * @param {readonly Message[]} messages of one author
 * @param {string|null} marked
 * @returns {{message: Message, also: string[]}[]}
 */
export function withoutRepeats(messages, marked) {
  /** @type {{message: Message, also: string[]}[]} */
  const shown = [];
  for (const message of messages) {
    const last = shown[shown.length - 1];
    if (last && isRepeat(last.message, message)) {
      const [stays, goes] = last.message.id === marked
        ? [last.message, message]
        : [message, last.message];
      shown[shown.length - 1] = { message: stays, also: [...last.also, goes.id] };
    } else {
      shown.push({ message, also: [] });
    }
  }
  return shown;
}

/**
 * @param {Message} before
 * @param {Message} after
 */
function isRepeat(before, after) {
  return after.author === "customer" && before.text === after.text && before.text !== "" &&
    before.attachments.length === 0 && after.attachments.length === 0;
}

/**
 * The messages with what is now known of one's way to the customer.
 *
 * @param {readonly Message[]} messages
 * @param {import("./types.js").Receipt} receipt
 * @returns {Message[]}
 */
export function withReceipt(messages, { message_id, state, error }) {
  return messages.map((one) =>
    one.id === message_id ? { ...one, delivery: { state, error } } : one
  );
}
