// @ts-check
/** `<message-words>`: a message of which words are chosen, by selecting them or with the arrows; fires `name` when Enter asks what they are. */

import { fill, make } from "../staff/element.js";
import { readable } from "../staff/words.js";
import { placeOf } from "./review_words.js";

/** @typedef {import("./review_words.js").Span} Span */

export class MessageWords extends HTMLElement {
  /** @type {{start: number, end: number}|null} what was chosen last, in characters */
  chosen = null;
  /** @type {[number, number]} the first and the last of the words chosen with the arrows */
  #words = [-1, -1];

  connectedCallback() {
    this.tabIndex = 0;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", "Message");
    this.addEventListener("keydown", this.#press);
    document.addEventListener("selectionchange", this.#selected);
  }

  disconnectedCallback() {
    this.removeEventListener("keydown", this.#press);
    document.removeEventListener("selectionchange", this.#selected);
  }

  /**
   * @param {string} text
   * @param {readonly Span[]} spans
   */
  show(text, spans) {
    const characters = [...text];
    let at = 0;
    /** @type {(Node|string)[]} */
    const parts = [];
    for (const { start, end, entity } of [...spans].sort((a, b) => a.start - b.start)) {
      parts.push(characters.slice(at, start).join(""));
      const words = characters.slice(start, end).join("");
      parts.push(make("mark", { title: readable(entity) }, words));
      at = end;
    }
    fill(this, ...parts, characters.slice(at).join(""));
    this.chosen = null;
    this.#words = [-1, -1];
  }

  #selected = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
    const range = selection.getRangeAt(0);
    if (!this.contains(range.commonAncestorContainer)) return;
    const before = range.cloneRange();
    before.selectNodeContents(this);
    before.setEnd(range.startContainer, range.startOffset);
    // A double click takes the space behind the word along.
    const words = range.toString();
    const start = placeOf(before.toString()) + placeOf(words) - placeOf(words.trimStart());
    const length = placeOf(words.trim());
    if (length > 0) this.chosen = { start, end: start + length };
  };

  /** @param {KeyboardEvent} event */
  #press = (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0 && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (step === 0) this.dispatchEvent(new Event("name"));
    else this.#move(step, event.shiftKey);
  };

  /**
   * @param {number} step
   * @param {boolean} further keep the words chosen so far
   */
  #move(step, further) {
    const words = [
      ...(this.textContent ?? "").matchAll(/[\p{L}\p{N}]+(?:[^\s\p{L}\p{N}][\p{L}\p{N}]+)*/gu),
    ];
    if (words.length === 0) return;
    const [first, last] = this.#words;
    const to = Math.max(0, Math.min(last + step, words.length - 1));
    this.#words = further && first >= 0 ? [Math.min(first, to), to] : [to, to];
    const [from, until] = this.#words.map((index) => words[index]);
    const range = document.createRange();
    range.setStart(...this.#placeIn(from.index));
    range.setEnd(...this.#placeIn(until.index + until[0].length));
    const selection = document.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
  }

  /**
   * @param {number} offset in the whole text
   * @returns {[Node, number]} the same in one of its pieces
   */
  #placeIn(offset) {
    const pieces = document.createTreeWalker(this, NodeFilter.SHOW_TEXT);
    let left = offset;
    /** @type {Node} */
    let piece = this;
    while (pieces.nextNode()) {
      piece = pieces.currentNode;
      const { length } = /** @type {Text} */ (piece);
      if (left <= length) return [piece, left];
      left -= length;
    }
    return [piece, 0];
  }
}

customElements.define("message-words", MessageWords);
