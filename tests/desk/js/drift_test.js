// @ts-check
import assert from "node:assert/strict";
import { scale } from "../../../desk/static/console/drift_chart.js";
import {
  changeWords,
  chartWords,
  isOutside,
  moverWords,
  pText,
  turnsOf,
  verdict,
} from "../../../desk/static/console/drift_words.js";

/** @typedef {import("../../../desk/static/console/drift_words.js").Drift} Drift */
/** @typedef {import("../../../desk/static/console/drift_words.js").DriftDay} DriftDay */
/** @typedef {import("../../../desk/static/console/drift_words.js").DriftMover} DriftMover */

/** @type {Drift} */
const QUIET = {
  today: "2026-03-20",
  since: "2026-02-01",
  weeks: 4,
  is_alarm: false,
  days: [],
  changes: [],
  movers: [],
  movers_since: "2026-03-13",
  model: "a.tar.gz",
  own_examples: null,
};

/** @type {DriftDay} */
const DAY = {
  day: "2026-03-19",
  messages: 320,
  confidence: 0.83,
  refused: 0.14,
  expected: { refused: { low: 0.03, high: 0.09 } },
};

/** @type {DriftMover} */
const MOVER = {
  intent: "track_order",
  messages_now: 700,
  messages_before: 2_800,
  now: { volume: 0, share: 0.4, confidence: 0.75, refused: 0.25 },
  before: { volume: 0, share: 0.4, confidence: 0.9, refused: 0.06 },
  p: { refused: 0.00001 },
  alarms: ["refused"],
};

Deno.test("the verdict says what is to come, when it is too early, and what it compares", () => {
  assert.match(verdict({ ...QUIET, since: null })[0], /Nothing is logged/);
  assert.match(verdict({ ...QUIET, weeks: 0 })[1], /begins on 2026-02-01/);
  assert.match(verdict(QUIET)[1], /the 4 weeks before/);
  assert.equal(verdict({ ...QUIET, is_alarm: true })[0], "Customers write otherwise than before.");
});

Deno.test("a change and a mover in words", () => {
  assert.equal(
    changeWords({ measure: "refused", days: 7, now: 0.14, before: 0.06, p: 0, is_alarm: true }),
    "Refused in the last 7 full days: 14.0 % instead of 6.0 %.",
  );
  assert.equal(moverWords(MOVER), "track_order: refused 25.0 % instead of 6.0 %.");
  assert.equal(turnsOf(MOVER, "2026-03-13"), "/console/turns?intent=track_order&since=2026-03-13");
  assert.deepEqual([0.0001, 0.02, null].map(pText), ["p < 0.001", "p = 0.020", "too few"]);
});

Deno.test("days outside their range are counted, and those without one are not", () => {
  assert.ok(isOutside("refused", DAY));
  assert.ok(!isOutside("volume", DAY));
  assert.equal(chartWords("refused", [DAY, DAY]), "Refused by day, 2 days: 1 outside what is expected.");
  assert.equal(chartWords("volume", [DAY]), "Messages by day, 1 day.");
});

Deno.test("a chart holds every value, its range and the model's own", () => {
  assert.deepEqual(scale("volume", [DAY], null), [0, 400]);
  assert.deepEqual(scale("refused", [DAY], 0.05), [0, 0.2]);
  const [low, high] = scale("confidence", [DAY], 0.91);
  assert.deepEqual([low, high], [0.8, 1]);
  assert.deepEqual(scale("refused", [], null), [0, 0.1]);
});
