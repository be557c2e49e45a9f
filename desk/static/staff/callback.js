// @ts-check
/** The call that a customer asked for while nobody was there: the number, their words, and whether it was made. */

import { make } from "./element.js";
import { clockTime, exactTime } from "./moments.js";

/** @typedef {import("./types.js").Callback} Callback */

/**
 * @param {Callback} asked
 * @param {(() => void)|null} tick null for whoever cannot tick it off
 */
export function callBack({ number, text, words, by, at }, tick) {
  return make(
    "div",
    { class: "callback" },
    make(
      "p",
      null,
      "Call back",
      make("a", { href: `tel:${number}` }, text),
      tick && !at
        ? make("button", { type: "button", class: "button", onclick: tick }, "Called back")
        : null,
    ),
    make("blockquote", null, words),
    at
      ? make(
        "p",
        { class: "good" },
        `✓ ${by} called back at `,
        make("time", { datetime: at, title: exactTime(at) }, clockTime(at)),
      )
      : null,
  );
}
