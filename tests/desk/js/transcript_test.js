// @ts-check
import assert from "node:assert/strict";
import {
  arrange,
  mergeMessages,
  withoutRepeats,
  withReceipt,
  withUnsent,
} from "../../../desk/static/staff/transcript.js";
import { line as message } from "./samples.js";

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
  const sending = message(99, { ...said, id: "second", unsent: "sending" });
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

Deno.test("a line has its channel where the conversation turns to it, and notes turn it nowhere", () => {
  const entries = arrange([
    message(1),
    message(2),
    message(3, { author: "agent", private: true, channel: "whatsapp" }),
    message(4, { channel: "whatsapp" }),
    message(5, { channel: "whatsapp", author: "bot" }),
    message(6, { author: "system" }),
  ]);
  const turns = entries.map((entry) => entry.kind === "day" ? "day" : entry.channel);
  assert.deepEqual(turns, ["day", "web", null, "whatsapp", null, "web"]);
});

Deno.test("another channel begins a new run", () => {
  const entries = arrange([message(1), message(2, { channel: "whatsapp" })]);
  assert.equal(entries.filter((entry) => entry.kind === "group").length, 2);
});

Deno.test("what a customer does beside writing is an event that knows what it is about", () => {
  const [, , edit, reaction] = arrange([
    message(1, { text: "order 10361" }),
    message(2, { event: "edit", about: "m1" }),
    message(3, { event: "reaction", about: "long gone" }),
  ]);
  assert(edit.kind === "event" && reaction.kind === "event");
  assert.deepEqual(edit.about, { id: "m1", text: "order 10361" });
  assert.equal(reaction.about, null);
});

Deno.test("a copy without a delivery takes nothing back, and a receipt changes its message alone", () => {
  const sent = message(1, { delivery: { state: "sent", error: null } });
  const [kept] = mergeMessages([sent], [message(1)]);
  assert.deepEqual(kept.delivery, { state: "sent", error: null });
  const receipt = /** @type {const} */ ({ message_id: "m1", state: "read", error: null });
  const [read, other] = withReceipt([sent, message(2)], receipt);
  assert.deepEqual(read.delivery, { state: "read", error: null });
  assert.equal(other.delivery, null);
});

Deno.test("the same words in a row are one message that stands for all of them", () => {
  const said = [
    message(1, { text: "now" }),
    message(2, { text: "now" }),
    message(3, { text: "now" }),
    message(4, { text: "Now?" }),
    message(5, { text: "now" }),
  ];
  const shown = withoutRepeats(said, null).map(({ message, also }) => [message.id, ...also]);
  assert.deepEqual(shown, [["m3", "m1", "m2"], ["m4"], ["m5"]]);
  assert.equal(withoutRepeats(said, "m2")[0].message.id, "m2");
  const agents = [
    message(1, { author: "agent", text: "Yes" }),
    message(2, { author: "agent", text: "Yes" }),
  ];
  assert.equal(withoutRepeats(agents, null).length, 2);
});
