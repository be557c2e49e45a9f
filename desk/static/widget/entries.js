// @ts-check
/** The lines of the chat: what the server has, then what is on its way to it; pure. */

/** @typedef {import("./model.js").Entry} Entry */
/** @typedef {import("./model.js").Message} Message */
/** @typedef {import("./outbox.js").Item} Item */

/** The widget's own channel. */
export const HERE = "web";

/**
 * A message that came back is shown once, also while its own answer is still awaited.
 *
 * @param {readonly Message[]} messages
 * @param {readonly Item[]} unsent
 * @returns {Entry[]}
 */
export function entriesOf(messages, unsent) {
  /** @type {Entry[]} */
  const entries = messages.map((message) => ({
    key: message.client_id ?? message.id,
    author: message.author,
    name: message.author_name,
    text: message.text,
    at: message.created_at,
    buttons: message.buttons ?? [],
    channel: message.channel,
    event: message.event,
    image: message.image,
    attachments: message.attachments,
    state: "sent",
    error: null,
    seq: message.seq,
  }));
  const known = new Set(entries.map((entry) => entry.key));
  for (const { id, text, at, state, error } of unsent) {
    if (known.has(id)) continue;
    entries.push({
      key: id,
      author: "customer",
      name: null,
      text,
      at,
      buttons: [],
      channel: HERE,
      event: null,
      image: null,
      attachments: [],
      state,
      error,
      seq: null,
    });
  }
  return entries;
}
