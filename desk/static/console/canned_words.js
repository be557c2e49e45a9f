// @ts-check
/** A canned reply's text with its variables to be seen: by name, or filled in as an example. */

import { filled } from "../desk/canned.js";
import { make } from "../staff/element.js";

const VARIABLE = /(\{\w+\})/;
/** @type {Record<import("../desk/canned.js").Variable, string>} */
export const EXAMPLES = {
  agent_name: "Nora",
  customer_name: "Ben Okafor",
  order_number: "10861",
};

/** @param {string} text */
export function wordsOf(text) {
  return pieces(text).map((piece) =>
    VARIABLE.test(piece) ? make("mark", { class: "variable" }, piece) : piece
  );
}

/**
 * As a customer would read it; what is no variable of ours stays, and is marked.
 *
 * @param {string} text
 */
export function exampleOf(text) {
  return pieces(text).map((piece) => {
    if (!VARIABLE.test(piece)) return piece;
    const words = filled(piece, EXAMPLES);
    return make("mark", { class: words === piece ? "variable unknown" : "variable" }, words);
  });
}

/**
 * The text between and at its variables, in order.
 *
 * @param {string} text
 */
export function pieces(text) {
  return text.split(VARIABLE).filter((piece) => piece !== "");
}
