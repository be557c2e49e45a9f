// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  changedMost,
  changeLook,
  changeWords,
  decisionWords,
  figureWords,
  judgedWords,
} from "../../../desk/static/console/comparison_words.js";

const known = (
  /** @type {number} */ value,
  /** @type {number} */ low,
  /** @type {number} */ high,
) => ({ value, low, high, n: 1200 });
const few = { value: null, low: null, high: null, n: 3 };

Deno.test("a figure comes with its interval and what it rests on, or says that it cannot", () => {
  deepStrictEqual(figureWords(known(0.9412, 0.92, 0.9566)), {
    value: "94.1 %",
    under: "92.0 to 95.7, of 1,200",
  });
  deepStrictEqual(figureWords(few), { value: "Too few to say", under: "of 3" });
  deepStrictEqual(figureWords({ ...few, n: 0 }), { value: "Too few to say", under: "none" });
  deepStrictEqual(figureWords(null), { value: "–", under: "nothing to compare with" });
});

Deno.test("a change is news only where the intervals leave each other", () => {
  const old = known(0.88, 0.85, 0.9);
  const worse = { old, new: known(0.155, 0.1, 0.2) };
  strictEqual(changeWords(worse), "88.0 → 15.5 %, −72.5 points");
  strictEqual(changeLook(worse), "bad");
  strictEqual(changeLook({ old, new: known(0.95, 0.93, 0.97) }), "good");
  strictEqual(changeLook({ old, new: known(0.9, 0.87, 0.92) }), "quiet");
  strictEqual(changeWords({ old: few, new: known(0.9, 0.87, 0.92) }), "");
  strictEqual(changeLook({ old: null, new: known(0.9, 0.87, 0.92) }), "quiet");
});

Deno.test("a bar is drawn for what changed, what changed most first", () => {
  const pair = { old: null, new: few };
  const rows = [-0.4, 0.2, 0, null].map((change, index) => ({
    intent: `i${index}`,
    f1: pair,
    precision: pair,
    recall: pair,
    change,
  }));
  deepStrictEqual(changedMost(rows, 5).map((row) => row.intent), ["i0", "i1"]);
  deepStrictEqual(changedMost(rows, 1).map((row) => row.intent), ["i0"]);
});

Deno.test("a decision is said in words", () => {
  const plain = { reason: null, guess: "track_order", confidence: 0.634 };
  strictEqual(
    decisionWords({ ...plain, kind: "answers", intents: ["cancel_order", "get_invoice"] }),
    "answers cancel_order and get_invoice",
  );
  strictEqual(
    decisionWords({ ...plain, kind: "asks", intents: [] }),
    "does not understand (likeliest: track_order, 63 %)",
  );
  strictEqual(
    decisionWords({
      kind: "hands_off",
      intents: [],
      reason: "low_confidence",
      guess: null,
      confidence: null,
    }),
    "hands off, low confidence",
  );
});

Deno.test("turns that were not judged are accounted for", () => {
  strictEqual(
    judgedWords({ turns: 1235, judged: 1140, left_out: { after_a_divergence: 90, pressed: 5 } }),
    "1,140 of 1,235 logged turns judged; 5 pressed a button, 90 came after a divergence.",
  );
  strictEqual(
    judgedWords({ turns: 0, judged: 0, left_out: {} }),
    "0 of 0 logged turns judged.",
  );
});
