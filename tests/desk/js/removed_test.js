// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { removedKinds, splitRemoved } from "../../../desk/static/shared/removed.js";

Deno.test("each marker is a piece of its own and the words around it stay", () => {
  deepStrictEqual(splitRemoved("My card [card number removed], 12/27 [security code removed]"), [
    { text: "My card ", removed: null },
    { text: "card number removed", removed: "card number" },
    { text: ", 12/27 ", removed: null },
    { text: "security code removed", removed: "security code" },
  ]);
  deepStrictEqual(splitRemoved("nothing [was removed]"), [
    { text: "nothing [was removed]", removed: null },
  ]);
  deepStrictEqual(splitRemoved(""), []);
});

Deno.test("what was removed reads as a sentence, each kind once", () => {
  strictEqual(removedKinds("hello"), "");
  strictEqual(removedKinds("[password removed] [password removed]"), "password");
  strictEqual(
    removedKinds("[card number removed] [security code removed] [national id removed]"),
    "card number, security code and national id",
  );
});
