// @ts-check
/** What the page of models says. */

import assert from "node:assert/strict";
import {
  actionWords,
  elapsed,
  gateWords,
  lessonWords,
  mayPromote,
  reasonWords,
} from "../../../desk/static/console/model_words.js";

/** @param {Partial<import("../../../desk/static/console/model_book.js").Model>} facts */
const model = (
  facts,
) => /** @type {import("../../../desk/static/console/model_book.js").Model} */ (facts);

Deno.test("what a candidate learns is counted, and nothing is said to be nothing", () => {
  assert.equal(
    lessonWords({ taught: 0, held_out: 1, new_intents: 0 }),
    "Nothing to learn yet: label messages first.",
  );
  assert.equal(
    lessonWords({ taught: 4130, held_out: 1, new_intents: 2 }),
    "It learns from 4,130 labelled messages and 2 new intents, beside the project's own " +
      "examples, and is judged by 1 more labelled message.",
  );
});

Deno.test("against the gate, or without a comparison, promoting needs a reason", () => {
  assert.equal(mayPromote(model({ state: "candidate", gate_passed: true })), "yes");
  assert.equal(mayPromote(model({ state: "candidate", gate_passed: false })), "with a reason");
  assert.equal(mayPromote(model({ state: "retired", gate_passed: null })), "with a reason");
  for (const state of /** @type {const} */ (["training", "live", "failed", "pruned"])) {
    assert.equal(mayPromote(model({ state, gate_passed: true })), "no");
  }
  assert.equal(gateWords(model({ gate_passed: null })), "Not compared");
});

Deno.test("why it was decided is read from the model, whose last decision alone it keeps", () => {
  const models = [model({ id: "m1", promoted_at: "2026-07-01T09:00:00.000Z", reason: "better" })];
  const entry = (
    /** @type {Record<string, any>} */ details,
    created_at = "2026-07-01T09:00:00.000Z",
  ) => ({ id: "1", action: "model.promote", subject: "m1", by: null, details, created_at });
  assert.equal(reasonWords(entry({ has_reason: true }), models), ": “better”");
  assert.equal(reasonWords(entry({ has_reason: true }, "2026-06-01"), models), ", with a reason");
  assert.equal(reasonWords(entry({ has_reason: false }, "2026-06-01"), models), "");
  assert.equal(reasonWords(entry({ reason: "of before" }, "2026-06-01"), []), ": “of before”");
});

Deno.test("how long a training takes", () => {
  const since = "2026-01-01T12:00:00Z";
  assert.equal(elapsed(since, new Date("2026-01-01T12:00:52Z")), "52 s");
  assert.equal(elapsed(since, new Date("2026-01-01T12:01:05Z")), "1:05 min");
  assert.equal(elapsed(since, new Date("2026-01-01T11:59:59Z")), "0 s");
});

Deno.test("decisions are told with what they replaced, and what is not known as it is", () => {
  const entry = { id: "a", by: null, created_at: "2026-01-01T12:00:00Z", subject: "m2" };
  const details = { before: "m1", gate_passed: false };
  assert.equal(
    actionWords({ ...entry, action: "model.promote", details }),
    "promoted m2 in place of m1, against the gate",
  );
  assert.equal(actionWords({ ...entry, action: "label.export", details: {} }), "label.export m2");
});
