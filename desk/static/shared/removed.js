// @ts-check
/** What was taken out of a message before it was kept: the markers of bot/redaction.py. */

const MARKER = /\[(card number|security code|password|national id) removed\]/g;

/**
 * The text in pieces; `removed` is what stood where the marker is, null for what was written.
 *
 * @param {string} text
 * @returns {{text: string, removed: string | null}[]}
 */
export function splitRemoved(text) {
  const pieces = [];
  let done = 0;
  for (const found of text.matchAll(MARKER)) {
    if (found.index > done) pieces.push({ text: text.slice(done, found.index), removed: null });
    pieces.push({ text: `${found[1]} removed`, removed: found[1] });
    done = found.index + found[0].length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), removed: null });
  return pieces;
}

/**
 * What was removed, each kind once, as in a sentence; "" where nothing was.
 *
 * @param {string} text
 */
export function removedKinds(text) {
  const kinds = new Set(splitRemoved(text).map((piece) => piece.removed).filter((kind) => kind));
  const [last, ...others] = [...kinds].reverse();
  if (last === undefined) return "";
  return others.length === 0 ? String(last) : `${others.reverse().join(", ")} and ${last}`;
}
