// @ts-check
/** Which texts can be sent: not blank, and not too long. Counted in code points, as the server does, so that an emoji is one. */

export const LIMIT = 4000;

/**
 * Whether nothing of a text can be seen: spaces, control and zero-width characters.
 * @param {string} text
 */
export function isBlank(text) {
  return /^[\s\p{C}]*$/u.test(text);
}

/** @param {string} text */
export function countCharacters(text) {
  return [...text].length;
}

/**
 * What is wrong with a text's length, in words; null when it can be sent.
 * @param {string} text
 */
export function problemWith(text) {
  const over = countCharacters(text) - LIMIT;
  if (over <= 0) return null;
  return over > 100
    ? "This is too long for one message. Please shorten it or send it in parts."
    : `Please shorten it by ${over === 1 ? "1 character" : `${over} characters`}.`;
}
