// @ts-check
import assert from "node:assert/strict";
import { UnsentMessages } from "../../../desk/static/desk/unsent.js";
import { Drafts } from "../../../desk/static/desk/drafts.js";

const AS = { name: "Nora", channel: "web" };

/** Drafts that remember for as long as the test. */
function drafts() {
  /** @type {Map<string, string>} */
  const items = new Map();
  return new Drafts({
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }, "nora");
}

/**
 * @param {string} client_id
 * @returns {import("../../../desk/static/staff/types.js").Message}
 */
function confirmed(client_id) {
  const [template] = withOne("x").messages(AS);
  return { ...template, id: "m1", seq: 1, client_id };
}

/** @param {string} id */
function withOne(id) {
  const shelf = drafts();
  const created_at = "2026-03-02T10:00:00Z";
  shelf.keepUnsent("c1", [{ id, tab: "note", text: "Careful", created_at, problem: null }]);
  return new UnsentMessages("c1", shelf);
}

Deno.test("what a closed page left unconfirmed is shown as not sent, and as the note it was", () => {
  const [line] = withOne("uuid").messages(AS);
  assert.equal(line.unsent, "failed");
  assert.equal(line.private, true);
  assert.equal(line.text, "Careful");
});

Deno.test("what came back under its uuid is forgotten, also on the next page", () => {
  const unsent = withOne("uuid");
  unsent.forget([confirmed("another")]);
  assert.equal(unsent.messages(AS).length, 1);
  unsent.forget([confirmed("uuid")]);
  assert.equal(unsent.messages(AS).length, 0);
  assert.deepEqual(unsent.drafts.unsent("c1"), []);
});
