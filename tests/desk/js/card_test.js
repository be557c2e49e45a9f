// @ts-check
import assert from "node:assert/strict";
import { moodInWords } from "../../../desk/static/staff/card_people.js";
import { left } from "../../../desk/static/staff/moments.js";

/** @param {...import("../../../desk/static/staff/types.js").Mood["level"]} levels */
const moods = (...levels) =>
  levels.map((level, index) => ({ message_id: `m${index}`, level, score: 0 }));

Deno.test("the mood is told in words: how it is now, and how it was before", () => {
  assert.equal(moodInWords(moods("calm")), "Calm now");
  assert.equal(moodInWords(moods("calm", "calm", "upset")), "Upset now, 2 × calm before");
  assert.equal(
    moodInWords(moods("upset", "annoyed", "calm", "annoyed")),
    "Annoyed now, 1 × upset before, 1 × calm before",
  );
});

Deno.test("the time that is left is rounded down, and over when it is", () => {
  const now = new Date("2026-03-02T10:00:00Z");
  assert.equal(left("2026-03-02T13:05:30Z", now), "3 h 05");
  assert.equal(left("2026-03-02T10:00:30Z", now), "1 min");
  assert.equal(left("2026-03-02T10:00:00Z", now), null);
});
