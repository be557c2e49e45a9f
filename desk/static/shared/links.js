// @ts-check
/** Finds the web addresses in a text, so that a page can make links of them without ever parsing HTML. */

/** @typedef {{text: string, href: string | null}} Piece */

/** A signed link to a document has 170 characters and fills seven lines of a chat. */
const LONGEST = 48;
const BEGINNING = 38;
const END = 6;

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/gi;
const TRAILING = /[.,;:!?…]$/;
/** @type {Record<string, string>} */
const OPENER = { ")": "(", "]": "[", "}": "{" };

/**
 * Cuts a text into plain and linked pieces; joined together their texts are the input again.
 * @param {string} text
 * @returns {Piece[]}
 */
export function splitLinks(text) {
  /** @type {Piece[]} */
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = trimmed(match[0]);
    const href = safeHref(shown);
    if (href === null) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null });
    pieces.push({ text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

/**
 * How an address is shown: its host is always there to be read, a long rest is cut in the middle.
 * @param {string} address
 */
export function shownAddress(address) {
  if (address.length <= LONGEST) return address;
  const beginning = Math.max(BEGINNING, new URL(address).origin.length + 1);
  return beginning + END < address.length
    ? `${address.slice(0, beginning)}…${address.slice(-END)}`
    : address;
}

/**
 * Leaves out the full stop or bracket that ends the sentence rather than the address.
 * @param {string} address
 */
function trimmed(address) {
  for (;;) {
    const last = address.at(-1) ?? "";
    const opener = OPENER[last];
    const unopened = opener !== undefined &&
      address.split(opener).length < address.split(last).length;
    if (!TRAILING.test(address) && !unopened) return address;
    address = address.slice(0, -1);
  }
}

/**
 * An address with a user name in it is not linked: "https://shop.example@evil.example" reads as another host than it opens.
 * @param {string} address
 */
function safeHref(address) {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const web = url.protocol === "https:" || url.protocol === "http:";
  return web && url.username === "" && url.password === "" ? url.href : null;
}
