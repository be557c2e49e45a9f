// @ts-check
/** How long a message may be. Counted in code points, as the server does, so that an emoji is one. */

export const LIMIT = 4000;

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
