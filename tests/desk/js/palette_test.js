// @ts-check
import assert from "node:assert/strict";
import { actionOf, isPossible, KEYS } from "../../../desk/static/desk/keys.js";
import { found } from "../../../desk/static/desk/palette.js";

/**
 * @param {import("../../../desk/static/desk/palette.js").Entry["kind"]} kind
 * @param {string} name
 * @param {{text?: string, number?: string}} [more]
 */
const entry = (kind, name, more = {}) => ({ kind, name, ...more });

const ALL = [
  entry("command", "Resolve"),
  entry("command", "Resolve, then the next"),
  entry("command", "Write a private note"),
  entry("view", "Resolved"),
  entry("conversation", "Siobhán Ní Dhónaill", { text: "You · where is it", number: "019a-77" }),
  entry("conversation", "Ava Thompson", { text: "Waiting · resolve this, please", number: "019b" }),
  entry("reply", "Refund, on its way", { text: "Your refund takes three days." }),
];

/** @param {string} typed */
const names = (typed) => found(ALL, typed).map(({ name }) => name);

Deno.test("nothing typed finds everything, kind by kind", () => {
  assert.deepEqual(names(" "), ALL.map(({ name }) => name));
});

Deno.test("every word counts, in any order, with or without accents", () => {
  assert.deepEqual(names("next reso"), ["Resolve, then the next"]);
  assert.deepEqual(names("ni siobhan"), ["Siobhán Ní Dhónaill"]);
  assert.deepEqual(names("019a"), ["Siobhán Ní Dhónaill"]);
  assert.deepEqual(names("refund three"), ["Refund, on its way"]);
  assert.deepEqual(names("resolve elephant"), []);
});

Deno.test("what begins so comes before what only has it somewhere", () => {
  assert.deepEqual(names("resolve"), [
    "Resolve",
    "Resolve, then the next",
    "Resolved",
    "Ava Thompson",
  ]);
});

Deno.test("letters in their order are enough, from three on", () => {
  assert.deepEqual(names("prvt"), ["Write a private note"]);
  assert.deepEqual(names("zq"), []);
});

Deno.test("no more of a kind than can be read", () => {
  const many = Array.from({ length: 100 }, (_, at) => entry("conversation", `Guest ${at}`));
  assert.equal(found(many, "guest").length, 8);
});

Deno.test("Ctrl or ⌘ with K opens it, also while typing, and with Alt or both it is another key", () => {
  const stroke = {
    key: "k",
    code: "KeyK",
    altKey: false,
    ctrlKey: true,
    metaKey: false,
    shiftKey: false,
  };
  assert.equal(actionOf(stroke, true), "palette");
  assert.equal(actionOf({ ...stroke, ctrlKey: false, metaKey: true }, true), "palette");
  assert.equal(actionOf({ ...stroke, metaKey: true }, true), null);
  assert.equal(actionOf({ ...stroke, ctrlKey: false }, true), null);
  assert.equal(actionOf({ ...stroke, shiftKey: true }, true), null);
});

Deno.test("a key of the table says when it can be done", () => {
  const none = {
    always: true,
    next: false,
    previous: false,
    queue: false,
    offered: false,
    chosen: false,
    open: false,
    waiting: false,
    mine: false,
  };
  assert.equal(isPossible("resolve", none), false);
  assert.equal(isPossible("resolve", { ...none, mine: true }), true);
  assert.equal(isPossible("keys", none), true);
  const now = KEYS.filter(({ when }) => when && none[when]).map(({ action }) => action);
  assert.deepEqual(now, ["search", "alerts", "keys"]);
});
