// @ts-check
import assert from "node:assert/strict";
import { forRow, nothingFound, queryOf, searchFor } from "../../../desk/static/desk/tag_words.js";

Deno.test("a row shows two tags and how many more there are", () => {
  assert.deepEqual(forRow([]), { shown: [], more: 0 });
  assert.deepEqual(forRow(["a", "b"]), { shown: ["a", "b"], more: 0 });
  assert.deepEqual(forRow(["a", "b", "c", "d", "e"]), { shown: ["a", "b"], more: 3 });
});

Deno.test("a tag is taken out of what is searched for", () => {
  assert.deepEqual(queryOf("tag:vip"), { tag: "vip" });
  assert.deepEqual(queryOf("late Tag:vip order"), { search: "late order", tag: "vip" });
  assert.deepEqual(queryOf('tag:"big order" late'), { search: "late", tag: "big order" });
  assert.deepEqual(queryOf('tag:"big or'), { tag: "big or" });
  assert.deepEqual(queryOf("tag:24/7"), { tag: "24/7" });
});

Deno.test("what names no tag is words", () => {
  for (const typed of ["late order", "tag:", 'tag:"', "tag: vip", "heritage:vip", 'tag:" "']) {
    assert.deepEqual(queryOf(typed), { search: typed });
  }
});

Deno.test("what a chip searches for finds its tag", () => {
  for (const tag of ["vip", "big order", "a:b", "tag:x", "<b>"]) {
    assert.deepEqual(queryOf(searchFor(tag)), { tag });
  }
});

Deno.test("an empty list says what it was that nothing has", () => {
  assert.equal(nothingFound("late"), "No conversation has these words.");
  assert.equal(nothingFound("tag:vip"), "Nothing is tagged “vip”.");
  assert.equal(nothingFound("tag:vip late"), "Nothing tagged “vip” has these words.");
});
