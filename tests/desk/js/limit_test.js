// @ts-check
import { match, strictEqual } from "node:assert/strict";
import { countCharacters, LIMIT, problemWith } from "../../../desk/static/widget/limit.js";

Deno.test("the limit counts characters as people do, not UTF-16 units", () => {
  strictEqual(countCharacters("a🙂"), 2);
  strictEqual(problemWith("🙂".repeat(LIMIT)), null);
  match(problemWith("x".repeat(LIMIT + 1)) ?? "", /1 character\./);
  match(problemWith("x".repeat(20_000)) ?? "", /in parts/);
});
