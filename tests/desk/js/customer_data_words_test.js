// @ts-check
/** What the page of customers' data says. */

import assert from "node:assert/strict";
import {
  confirmedBy,
  extent,
  isConfirmed,
  nameOf,
  standing,
  total,
} from "../../../desk/static/console/customer_data_words.js";

Deno.test("a customer is called by the best of what is known", () => {
  assert.equal(nameOf({ name: "Ada", email: "a@x.test", reference: "C-1" }), "Ada");
  assert.equal(nameOf({ name: null, email: null, reference: "C-1" }), "C-1");
  const nobody = { name: null, email: null, reference: null };
  assert.equal(nameOf(nobody), "A customer without a name");
  assert.equal(nameOf(nobody, "this customer"), "this customer");
});

Deno.test("what is held is counted in words, also over customers who were joined", () => {
  assert.equal(extent({ conversations: 1, ids: ["a"] }), "1 conversation");
  assert.equal(
    extent({ conversations: 2, ids: ["a", "b"] }),
    "2 conversations, of 2 customers who were joined",
  );
  assert.equal(total({ erased: [] }), "0 rows");
  assert.equal(
    total({ erased: [{ what: "turns", title: "Turns", count: 1 }] }),
    "1 row",
  );
});

Deno.test("only a receipt that is done says erased", () => {
  assert.equal(standing({ state: "done" }), "Erased");
  assert.match(standing({ state: "begun" }), /^Begun/);
  assert.match(standing({ state: "deleted" }), /^Deleted/);
});

Deno.test("somebody is erased once their name was typed, or a word where they have none", () => {
  const ada = { name: "Ada  Löwe", email: null, reference: null };
  assert.ok(isConfirmed(" ada lo\u0308we ", confirmedBy(ada)));
  assert.ok(!isConfirmed("Ada", confirmedBy(ada)));
  assert.ok(!isConfirmed("", confirmedBy(ada)));
  assert.equal(confirmedBy({ name: null, email: null, reference: null }), "erase");
});
