// @ts-check
/** For how long to put the open conversation off: chosen with the arrows, taken with Enter. */

import { make } from "../staff/element.js";
import { openPicker } from "./picker.js";
import { choices, matching } from "./snooze.js";

/** @typedef {import("./snooze.js").Choice} Choice */

/** @param {{choose: (choice: Choice) => void}} options */
export function openSnoozeDialog({ choose }) {
  const all = choices(new Date());
  /** @type {import("./picker.js").Picker<Choice>|null} */
  let picker = null;

  /** @param {readonly Choice[]} items */
  function show(items) {
    picker?.show({ items, status: items.length === 0 ? "No time has these words." : "" });
  }

  picker = openPicker({
    title: "Snooze",
    label: "For how long?",
    list: "For how long",
    verb: "snooze",
    option: ({ name, when }) => [
      make("b", null, name),
      when ? make("span", { class: "quiet" }, when) : null,
    ],
    type: (typed) => show(matching(all, typed)),
    use: choose,
  });
  show(all);
}
