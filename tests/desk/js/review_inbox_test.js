// @ts-check
/** What stays open, and selected, when the inbox is read anew. */

import assert from "node:assert/strict";
import { ReviewInbox } from "../../../desk/static/console/review_inbox.js";

/** @typedef {import("../../../desk/static/console/review_words.js").ReviewItem} ReviewItem */

/** @param {string[]} ids the newest first @returns {ReviewItem} */
const group = (...ids) => /** @type {ReviewItem} */ ({ turn: { id: ids[0] }, turn_ids: ids });

/** @param {ReviewInbox} inbox */
const shown = (inbox) => inbox.items.map(({ turn }) => turn.id);

Deno.test("a copy that comes while a message is open does not take its place", () => {
  const inbox = new ReviewInbox();
  inbox.replace([group("a"), group("b1"), group("c")], null);
  inbox.go(1);
  inbox.select(1, false);
  inbox.replace([group("d"), group("b2", "b1"), group("a")], null);
  assert.equal(inbox.open?.turn.id, "b1");
  assert.deepEqual(inbox.open?.turn_ids, ["b2", "b1"]);
  assert.deepEqual([...inbox.selected], ["b1"]);
});

Deno.test("what another lead labelled stays for as long as it is open", () => {
  const inbox = new ReviewInbox();
  inbox.replace([group("a"), group("b"), group("c")], null);
  inbox.go(1);
  inbox.replace([group("a"), group("c")], null);
  assert.deepEqual(shown(inbox), ["a", "b", "c"]);
  assert.equal(inbox.open?.turn.id, "b");
  inbox.go(2);
  inbox.replace([group("a"), group("c")], null);
  assert.deepEqual(shown(inbox), ["a", "c"]);
  assert.equal(inbox.open?.turn.id, "c");
});

Deno.test("what was labelled here does not come back", () => {
  const inbox = new ReviewInbox();
  const [a, b] = [group("a"), group("b")];
  inbox.replace([a, b], null);
  inbox.take([a]);
  inbox.replace([b], null);
  assert.deepEqual(shown(inbox), ["b"]);
});
