// @ts-check
import assert from "node:assert/strict";
import { EarlyKey } from "../../../desk/static/desk/early_key.js";

/** @typedef {{detail: unknown, problem: string|null}} Open */

/** @returns {Open} */
const loading = () => ({ detail: null, problem: null });
const RESOLVE = { action: /** @type {const} */ ("resolve"), code: "KeyE" };
const NOTE = { action: /** @type {const} */ ("note"), code: "KeyP" };

Deno.test("a key waits for the conversation that it was pressed in, and acts once", () => {
  const early = new EarlyKey();
  const open = loading();
  assert.equal(early.keeps(open, RESOLVE), true);
  open.detail = {};
  assert.deepEqual(early.take(open), RESOLVE);
  assert.equal(early.take(open), null);
});

Deno.test("of several keys the last one counts", () => {
  const early = new EarlyKey();
  const open = loading();
  early.keeps(open, RESOLVE);
  early.keeps(open, NOTE);
  open.detail = {};
  assert.deepEqual(early.take(open), NOTE);
});

Deno.test("whoever went elsewhere, or whose conversation did not come, is left alone", () => {
  const early = new EarlyKey();
  const open = loading();
  early.keeps(open, RESOLVE);
  assert.equal(early.take({ detail: {} }), null);
  open.detail = {};
  assert.equal(early.take(open), null, "nor when they come back");
  const broken = loading();
  early.keeps(broken, RESOLVE);
  broken.problem = "The server cannot be reached.";
  assert.equal(early.take(broken), null);
  assert.equal(early.keeps(broken, RESOLVE), false);
});

Deno.test("what acts at once is not kept, and takes the place of what was", () => {
  const early = new EarlyKey();
  const open = loading();
  early.keeps(open, RESOLVE);
  assert.equal(early.keeps(open, { action: "next", code: "KeyJ" }), false);
  open.detail = {};
  assert.equal(early.take(open), null);
  assert.equal(early.keeps(open, RESOLVE), false, "loaded: nothing to wait for");
  assert.equal(early.keeps(null, RESOLVE), false);
});
