// @ts-check
import assert from "node:assert/strict";
import { differences } from "../../../desk/static/desk/changes.js";
import { canDecide, decision, toDecide } from "../../../desk/static/staff/prepared.js";
import { signalName } from "../../../desk/static/staff/words.js";

/** @typedef {import("../../../desk/static/staff/types.js").Prepared} Prepared */

/** @param {Partial<Prepared>} rest @returns {Prepared} */
function prepared(rest) {
  return {
    id: "p",
    title: "Refund £145.00",
    why: "Over the limit",
    name: "refund",
    arguments: {},
    state: "waiting",
    result: null,
    outcome: null,
    by: null,
    at: null,
    ...rest,
  };
}

Deno.test("what is neither made nor declined can be decided on, also once more", () => {
  const states = /** @type {Prepared["state"][]} */ (
    ["waiting", "trying", "approved", "refused", "failed", "declined"]
  );
  const open = states.filter((state) => canDecide(prepared({ state })));
  assert.deepEqual(open, ["waiting", "trying", "refused", "failed"]);
  assert.equal(toDecide(states.map((state) => prepared({ state }))), 1);
});

Deno.test("a decision is one line: what came of it, by whom", () => {
  assert.equal(decision(prepared({})), null);
  const at = new Date(2026, 5, 5, 14, 3).toISOString();
  const made = prepared({ state: "approved", outcome: "Made, reference R-1.", by: "Nora", at });
  assert.equal(decision(made), "Made, reference R-1. Nora, 14:03.");
  const trying = prepared({ state: "trying", outcome: "Being made.", by: "Nora", at });
  assert.equal(decision(trying), "Being made.");
});

Deno.test("a change shows what differs, and what is new or gone", () => {
  const before = { state: "placed", total: "59.90", note: "x" };
  const after = { state: "cancelled", total: "59.90", refund: "R-1" };
  assert.deepEqual(differences({ before, after }), [
    "State: placed → cancelled",
    "Note: x → –",
    "Refund: – → R-1",
  ]);
});

Deno.test("an unknown kind of signal is shown readable", () => {
  assert.equal(signalName("payment_failed"), "Payment failed");
  assert.equal(signalName("basket_emptied"), "Basket emptied");
});
