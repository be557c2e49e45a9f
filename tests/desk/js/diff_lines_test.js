// @ts-check
import assert from "node:assert/strict";
import { addedIn, diffLines } from "../../../desk/static/console/diff_lines.js";

const DIFF = [
  "--- a/data/nlu/talk.yml",
  "+++ b/data/nlu/talk.yml",
  "@@ -3,2 +31,4 @@",
  "       - hi",
  "+      - --- good day",
  "+@@ x",
  "-old",
  "\\ No newline at end of file",
  "",
].join("\n");

Deno.test("a diff is read line by line, whatever the lines say", () => {
  assert.deepEqual(
    diffLines(DIFF).map(({ kind, sign, text }) => [kind, sign, text]),
    [
      ["place", "", "From line 31"],
      ["kept", " ", "      - hi"],
      ["added", "+", "      - --- good day"],
      ["added", "+", "@@ x"],
      ["removed", "-", "old"],
    ],
  );
  assert.equal(addedIn(diffLines(DIFF)), 2);
});
