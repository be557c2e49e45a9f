// @ts-check
import { match, strictEqual } from "node:assert/strict";
import { dayLabel } from "../../../desk/static/shared/format.js";

Deno.test("days are named from where the reader is", () => {
  const now = new Date(2026, 2, 2, 9);
  const at = (/** @type {number} */ year, /** @type {number} */ month, /** @type {number} */ day) =>
    new Date(year, month, day, 12).toISOString();
  strictEqual(dayLabel(at(2026, 2, 2), now, "en-GB"), "Today");
  strictEqual(dayLabel(at(2026, 2, 1), now, "en-GB"), "Yesterday");
  match(dayLabel(at(2026, 0, 5), now, "en-GB"), /^Monday,? 5 January$/);
  match(dayLabel(at(2024, 0, 5), now, "en-GB"), /2024$/);
});
