// @ts-check
/** A message's text as DOM nodes: plain text and safe links, never markup from the message. */
import { shownAddress, splitLinks } from "./links.js";

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function richText(text) {
  const fragment = document.createDocumentFragment();
  for (const piece of splitLinks(text)) {
    if (piece.href === null) {
      fragment.append(piece.text);
      continue;
    }
    const link = document.createElement("a");
    link.href = piece.href;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = shownAddress(piece.text);
    if (link.textContent !== piece.text) link.title = piece.text;
    fragment.append(link);
  }
  return fragment;
}
