// @ts-check
/** Messages and entries for the tests, complete but for what a test is about. */

/** @typedef {import("../../../desk/static/widget/model.js").Message} Message */
/** @typedef {import("../../../desk/static/widget/model.js").Entry} Entry */
/** @typedef {import("../../../desk/static/staff/types.js").Message} Line */

/** @param {number} seq @param {Partial<Message>} [rest] @returns {Message} */
export function message(seq, rest = {}) {
  return {
    id: `m${seq}`,
    seq,
    author: "bot",
    author_name: null,
    text: `text ${seq}`,
    buttons: [],
    channel: "web",
    event: null,
    image: null,
    attachments: [],
    created_at: "2026-03-02T10:00:00Z",
    client_id: null,
    ...rest,
  };
}

/** @param {string} key @param {Partial<Entry>} [rest] @returns {Entry} */
export function entry(key, rest = {}) {
  return {
    key,
    author: "bot",
    name: null,
    text: key,
    at: "2026-03-02T10:00:00Z",
    buttons: [],
    channel: "web",
    event: null,
    image: null,
    attachments: [],
    state: "sent",
    error: null,
    seq: 1,
    ...rest,
  };
}

/** What the staff's pages show, a minute after each other. @param {number} seq @param {Partial<Line>} [rest] @returns {Line} */
export function line(seq, rest = {}) {
  return {
    id: `m${seq}`,
    seq,
    turn_id: null,
    author: "customer",
    author_name: null,
    text: `text ${seq}`,
    buttons: [],
    channel: "web",
    created_at: new Date(2025, 2, 10, 12, seq).toISOString(),
    in_reply_to: null,
    private: false,
    event: null,
    about: null,
    image: null,
    attachments: [],
    delivery: null,
    ...rest,
  };
}
