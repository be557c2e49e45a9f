// @ts-check
/** The choice of how many days back a page looks. */

import { make } from "../staff/element.js";

/**
 * @param {readonly number[]} periods in days
 * @param {number} chosen
 * @param {(days: number) => void} choose
 */
export function periodField(periods, chosen, choose) {
  const field = make(
    "select",
    null,
    ...periods.map((days) =>
      make("option", { value: days, selected: days === chosen }, `Last ${days} days`)
    ),
  );
  field.addEventListener("change", () => choose(Number(field.value)));
  return make("label", { class: "filter-field" }, make("span", null, "Period"), field);
}
