// @ts-check
import { match, strictEqual } from "node:assert/strict";
import { countCharacters, isBlank, LIMIT, problemWith } from "../../../desk/static/widget/limit.js";

Deno.test("what cannot be seen is blank", () => {
  for (const text of ["", " \n\t", "\u200b\ufeff", "\u0000\u2060"]) {
    strictEqual(isBlank(text), true);
  }
  for (const text of ["a", "\u200b.", "🙂"]) strictEqual(isBlank(text), false);
});

Deno.test("the limit counts characters as people do, not UTF-16 units", () => {
  strictEqual(countCharacters("a🙂"), 2);
  strictEqual(problemWith("🙂".repeat(LIMIT)), null);
  match(problemWith("x".repeat(LIMIT + 1)) ?? "", /1 character\./);
  match(problemWith("x".repeat(20_000)) ?? "", /in parts/);
});
