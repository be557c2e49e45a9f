// @ts-check
import assert from "node:assert/strict";
import { entriesOf } from "../../../desk/static/widget/entries.js";
import { message } from "./samples.js";

/** @type {import("../../../desk/static/widget/outbox.js").Item} */
const written = {
  id: "uuid",
  text: "Hello",
  payload: null,
  at: "2026-03-02T10:01:00Z",
  state: "sending",
  error: null,
  attempts: 0,
};

Deno.test("what is on its way comes after what the server has", () => {
  const entries = entriesOf([message(1)], [written]);
  assert.deepEqual(entries.map((entry) => entry.state), ["sent", "sending"]);
});

Deno.test("a message that came back before its own answer is one line, under the same key", () => {
  const echo = message(2, { author: "customer", client_id: "uuid" });
  const entries = entriesOf([message(1), echo], [written]);
  assert.deepEqual(entries.map((entry) => entry.key), ["m1", "uuid"]);
});
