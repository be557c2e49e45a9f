// @ts-check
/** The keys of the desk: one table for the keyboard, the command palette and the list that `?` shows; pure. */

/**
 * @typedef {"next"|"previous"|"claim"|"take"|"accept"|"resolve"|"resolve-next"|"snooze"|"tag"|"search"|"note"|"reply"|"knowledge"|"suggestion"|"why"|"panel"|"close"|"palette"|"alerts"|"keys"} Action
 * @typedef {Pick<KeyboardEvent, "key"|"code"|"altKey"|"ctrlKey"|"metaKey"|"shiftKey">} Stroke
 *
 * @typedef {object} Situation what can be done now
 * @property {boolean} always
 * @property {boolean} next there is one after the open one
 * @property {boolean} previous
 * @property {boolean} queue somebody waits
 * @property {boolean} offered somebody is offered to this agent
 * @property {boolean} chosen a conversation is open, perhaps not loaded yet
 * @property {boolean} open
 * @property {boolean} waiting it waits for an agent
 * @property {boolean} mine this agent has it
 *
 * @typedef {object} Key
 * @property {Action|"send"|"canned"} action
 * @property {string[]} keys
 * @property {string} words
 * @property {string} [code]
 * @property {keyof Situation|null} when it is possible; null where it is nothing to be done by itself
 */

/** @type {Key[]} */
export const KEYS = [
  { action: "next", keys: ["Alt", "J"], words: "Next conversation", code: "KeyJ", when: "next" },
  {
    action: "previous",
    keys: ["Alt", "K"],
    words: "Previous conversation",
    code: "KeyK",
    when: "previous",
  },
  { action: "claim", keys: ["Alt", "C"], words: "Claim", code: "KeyC", when: "waiting" },
  {
    action: "take",
    keys: ["Alt", "N"],
    words: "Take the next customer",
    code: "KeyN",
    when: "queue",
  },
  {
    action: "accept",
    keys: ["Alt", "Y"],
    words: "Accept who is offered to you",
    code: "KeyY",
    when: "offered",
  },
  { action: "reply", keys: ["Alt", "L"], words: "Write a reply", code: "KeyL", when: "mine" },
  { action: "note", keys: ["Alt", "P"], words: "Write a private note", code: "KeyP", when: "open" },
  {
    action: "knowledge",
    keys: ["Alt", "A"],
    words: "Search our articles",
    code: "KeyA",
    when: "open",
  },
  { action: "why", keys: ["Alt", "W"], words: "Why did the bot do that?", code: "KeyW", when: "open" },
  { action: "suggestion", keys: ["Alt", "1–3"], words: "Take a suggested reply", when: null },
  { action: "canned", keys: ["/"], words: "At the start of a reply: canned replies", when: null },
  { action: "send", keys: ["Ctrl or ⌘", "Enter"], words: "Send what you wrote", when: null },
  { action: "resolve", keys: ["Alt", "E"], words: "Resolve", code: "KeyE", when: "mine" },
  {
    action: "resolve-next",
    keys: ["Ctrl or ⌘", "Alt", "E"],
    words: "Resolve, then the next",
    when: "mine",
  },
  { action: "snooze", keys: ["Alt", "M"], words: "Snooze", code: "KeyM", when: "mine" },
  { action: "tag", keys: ["Alt", "T"], words: "Add a tag", code: "KeyT", when: "open" },
  {
    action: "panel",
    keys: ["Alt", "O"],
    words: "Show or hide the customer",
    code: "KeyO",
    when: "chosen",
  },
  { action: "close", keys: ["Esc"], words: "Close the conversation", when: "chosen" },
  { action: "search", keys: ["/"], words: "Search the conversations", when: "always" },
  { action: "palette", keys: ["Ctrl or ⌘", "K"], words: "Go to, or do, anything", when: null },
  {
    action: "alerts",
    keys: ["Alt", "S"],
    words: "Notifications and sound",
    code: "KeyS",
    when: "always",
  },
  { action: "keys", keys: ["?"], words: "Show these keys", when: "always" },
];

/**
 * @param {string} code
 * @returns {number|null} which suggested reply, from 1
 */
export function suggestionOf(code) {
  const digit = /^Digit([1-3])$/.exec(code)?.[1];
  return digit ? Number(digit) : null;
}

/**
 * @param {Action} action
 * @param {Situation} situation
 */
export function isPossible(action, situation) {
  const when = KEYS.find((entry) => entry.action === action)?.when;
  return Boolean(when && situation[when]);
}

/**
 * By `code`, not `key`: with Alt held down a Mac types "∆" for J.
 *
 * @param {Stroke} stroke
 * @param {boolean} typing whether the focus is in a text field
 * @returns {Action|null}
 */
export function actionOf(stroke, typing) {
  const { key, code, altKey, ctrlKey, metaKey, shiftKey } = stroke;
  if (altKey && !ctrlKey && !metaKey && !shiftKey) {
    if (suggestionOf(code) !== null) return "suggestion";
    const found = KEYS.find((entry) => entry.code === code);
    return found && found.action !== "send" && found.action !== "canned" ? found.action : null;
  }
  // AltGr is Ctrl and Alt on Windows: by `code`, somebody who writes "€" would resolve.
  const e = metaKey ? code === "KeyE" : ctrlKey && key.toLowerCase() === "e";
  if (altKey && e && !shiftKey) return "resolve-next";
  if (ctrlKey !== metaKey && !altKey && !shiftKey && key.toLowerCase() === "k") return "palette";
  if (altKey || ctrlKey || metaKey) return null;
  if (key === "Escape") return "close";
  if (key === "/" && !typing) return "search";
  if (key === "?" && !typing) return "keys";
  return null;
}
