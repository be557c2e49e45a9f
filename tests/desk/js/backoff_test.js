// @ts-check
import { strictEqual } from "node:assert/strict";
import { backoff } from "../../../desk/static/shared/backoff.js";

Deno.test("the wait doubles and stops growing at the limit", () => {
  const longest = { random: () => 1, limit: 4_000 };
  const waits = [0, 1, 2, 3, 4, 1_000].map((attempt) => backoff(attempt, longest));
  strictEqual(waits.join(), "500,1000,2000,4000,4000,4000");
});

Deno.test("jitter takes away at most half", () => {
  strictEqual(backoff(2, { random: () => 0 }), 1_000);
});
