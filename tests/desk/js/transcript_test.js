// @ts-check
import assert from "node:assert/strict";
import { arrange, mergeMessages, withUnsent } from "../../../desk/static/staff/transcript.js";

/**
 * @param {number} seq
 * @param {Partial<import("../../../desk/static/staff/types.js").Message>} [more]
 * @returns {import("../../../desk/static/staff/types.js").Message}
 */
function message(seq, more = {}) {
  return {
    id: `m${seq}`,
    seq,
    turn_id: null,
    author: "customer",
    author_name: null,
    text: `text ${seq}`,
    buttons: [],
    channel: "web",
    created_at: new Date(2025, 2, 10, 12, seq).toISOString(),
    in_reply_to: null,
    private: false,
    ...more,
  };
}

Deno.test("messages are shown once and in the order of seq, however they arrive", () => {
  const merged = mergeMessages([message(3), message(1)], [message(2), message(3, { text: "new" })]);
  assert.deepEqual(merged.map((one) => one.seq), [1, 2, 3]);
  assert.equal(merged[2].text, "new");
});

Deno.test("an unsent message comes last until the server's copy with its uuid arrives", () => {
  const unsent = message(99, { id: "uuid", author: "agent" });
  assert.deepEqual(withUnsent([message(1)], [unsent]).map((one) => one.id), ["m1", "uuid"]);
  const arrived = message(2, { author: "agent", client_id: "uuid" });
  assert.deepEqual(withUnsent([message(1), arrived], [unsent]).map((one) => one.id), ["m1", "m2"]);
});

Deno.test("the same words said twice are two messages", () => {
  const said = /** @type {const} */ ({ author: "agent", author_name: "Nora", text: "Hello" });
  const earlier = message(2, { ...said, client_id: "first" });
  const sending = message(99, { ...said, id: "second", delivery: "sending" });
  assert.deepEqual(withUnsent([earlier], [sending]).map((one) => one.id), ["m2", "second"]);
});

Deno.test("runs of one author are grouped; another author, a note or a pause begins a new one", () => {
  const entries = arrange([
    message(1),
    message(2),
    message(3, { author: "bot" }),
    message(4, { author: "agent", author_name: "Nora" }),
    message(5, { author: "agent", author_name: "Nora", private: true }),
    message(30, { author: "agent", author_name: "Nora", private: true }),
  ]);
  const sizes = entries.map((entry) => entry.kind === "group" ? entry.messages.length : entry.kind);
  assert.deepEqual(sizes, ["day", 2, 1, 1, 1, 1]);
});

Deno.test("an event stands alone, and a new day has its line", () => {
  const entries = arrange([
    message(1),
    message(2, { author: "system" }),
    message(3),
    message(4, { created_at: new Date(2025, 2, 11, 9).toISOString() }),
  ]);
  assert.deepEqual(
    entries.map((entry) => entry.kind),
    ["day", "group", "event", "group", "day", "group"],
  );
});
