// @ts-check
/** A message's text as DOM nodes: plain text, safe links and chips for what was removed, never markup from the message. */
import { shownAddress, splitLinks } from "./links.js";
import { splitRemoved } from "./removed.js";

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function richText(text) {
  const fragment = document.createDocumentFragment();
  for (const { text: words, removed } of splitRemoved(text)) {
    if (removed === null) {
      appendLinked(fragment, words);
      continue;
    }
    const chip = document.createElement("span");
    chip.className = "removed";
    chip.textContent = words;
    fragment.append(chip);
  }
  return fragment;
}

/**
 * @param {DocumentFragment} fragment
 * @param {string} text
 */
function appendLinked(fragment, text) {
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
}
