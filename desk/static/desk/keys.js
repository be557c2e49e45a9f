// @ts-check
/** The keys of the desk: one table for the keyboard and for the list that `?` shows; pure. */

/**
 * @typedef {"next"|"previous"|"claim"|"take"|"resolve"|"resolve-next"|"snooze"|"search"|"note"|"reply"|"knowledge"|"suggestion"|"panel"|"close"|"keys"} Action
 * @typedef {Pick<KeyboardEvent, "key"|"code"|"altKey"|"ctrlKey"|"metaKey"|"shiftKey">} Stroke
 */

/** @type {{action: Action|"send"|"canned", keys: string[], words: string, code?: string}[]} */
export const KEYS = [
  { action: "next", keys: ["Alt", "J"], words: "Next conversation", code: "KeyJ" },
  { action: "previous", keys: ["Alt", "K"], words: "Previous conversation", code: "KeyK" },
  { action: "claim", keys: ["Alt", "C"], words: "Claim", code: "KeyC" },
  { action: "take", keys: ["Alt", "N"], words: "Take the next customer", code: "KeyN" },
  { action: "reply", keys: ["Alt", "L"], words: "Write a reply", code: "KeyL" },
  { action: "note", keys: ["Alt", "P"], words: "Write a private note", code: "KeyP" },
  { action: "knowledge", keys: ["Alt", "A"], words: "Search our articles", code: "KeyA" },
  { action: "suggestion", keys: ["Alt", "1–3"], words: "Take a suggested reply" },
  { action: "canned", keys: ["/"], words: "At the start of a reply: canned replies" },
  { action: "send", keys: ["Ctrl or ⌘", "Enter"], words: "Send what you wrote" },
  { action: "resolve", keys: ["Alt", "E"], words: "Resolve", code: "KeyE" },
  { action: "resolve-next", keys: ["Ctrl or ⌘", "Alt", "E"], words: "Resolve, then the next" },
  { action: "snooze", keys: ["Alt", "M"], words: "Snooze", code: "KeyM" },
  { action: "panel", keys: ["Alt", "O"], words: "Show or hide the customer", code: "KeyO" },
  { action: "close", keys: ["Esc"], words: "Close the conversation" },
  { action: "search", keys: ["/"], words: "Search the conversations" },
  { action: "keys", keys: ["?"], words: "Show these keys" },
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
  if (altKey || ctrlKey || metaKey) return null;
  if (key === "Escape") return "close";
  if (key === "/" && !typing) return "search";
  if (key === "?" && !typing) return "keys";
  return null;
}
