// @ts-check
import assert from "node:assert/strict";
import { choices, matching, snoozedWords } from "../../../desk/static/desk/snooze.js";

/** @param {Date} now */
const named = (now) =>
  Object.fromEntries(choices(now).map(({ name, until }) => [name, until && new Date(until)]));

Deno.test("a snooze ends on the clock of whoever chose it", () => {
  const wednesday = new Date(2026, 2, 11, 10, 30);
  assert.deepEqual(named(wednesday), {
    "In an hour": new Date(2026, 2, 11, 11, 30),
    "This evening": new Date(2026, 2, 11, 18),
    "Tomorrow morning": new Date(2026, 2, 12, 9),
    "Next Monday": new Date(2026, 2, 16, 9),
    "Until the customer writes": null,
  });
});

Deno.test("what would be over at once, or twice the same, is not offered", () => {
  const sunday = new Date(2026, 2, 15, 17, 30);
  const names = ["In an hour", "Tomorrow morning", "Until the customer writes"];
  assert.deepEqual(Object.keys(named(sunday)), names);
  const monday = new Date(2026, 2, 16, 10);
  assert.deepEqual(named(monday)["Next Monday"], new Date(2026, 2, 23, 9));
});

Deno.test("typing finds by every word of name and time", () => {
  const all = choices(new Date(2026, 2, 11, 10, 30));
  const found = (/** @type {string} */ typed) => matching(all, typed).map(({ name }) => name);
  assert.deepEqual(found("09:00 MON"), ["Next Monday"]);
  assert.deepEqual(found("writes"), ["Until the customer writes"]);
  assert.equal(found("").length, 5);
  assert.deepEqual(found("never"), []);
});

Deno.test("a badge says the time today, else the day too", () => {
  const now = new Date(2026, 2, 11, 10, 30);
  const until = (/** @type {number} */ day) => new Date(2026, 2, day, 11, 5).toISOString();
  assert.equal(snoozedWords({ until: until(11) }, now), "Until 11:05");
  assert.equal(snoozedWords({ until: until(16) }, now), "Until 16 Mar, 11:05");
  assert.equal(snoozedWords({ until: null }, now), "Until they write");
});
