// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ApiError } from "../../../desk/static/widget/api.js";
import { Outbox } from "../../../desk/static/widget/outbox.js";
import { MemoryStorage, Store } from "../../../desk/static/widget/storage.js";
import { message } from "./samples.js";

/** An outbox over an answer for each try in turn; the last one repeats. @param {(Error | null)[]} answers @param {Store} [store] */
function outboxAnswering(answers, store = new Store("guest", new MemoryStorage())) {
  /** @type {string[]} */
  const tries = [];
  /** @type {string[]} */
  const sent = [];
  const outbox = new Outbox({
    store,
    send: ({ id, text }) => {
      const answer = answers[Math.min(tries.length, answers.length - 1)];
      tries.push(id);
      return answer === null
        ? Promise.resolve(message(tries.length, { text }))
        : Promise.reject(answer);
    },
    onSent: ({ text }) => sent.push(text),
    onChange: () => {},
    sleep: () => Promise.resolve(),
  });
  return { outbox, tries, sent, store };
}

const settle = () => new Promise((done) => setTimeout(done, 0));
const gone = new ApiError(0, "unreachable", "The chat server could not be reached.");
const refused = new ApiError(422, "invalid", "Write something first.");

Deno.test("messages go out in the order they were written", async () => {
  const { outbox, sent } = outboxAnswering([null]);
  for (const text of ["one", "two", "three"]) outbox.add(text);
  await settle();
  deepStrictEqual(sent, ["one", "two", "three"]);
  strictEqual(outbox.items.length, 0);
});

Deno.test("a try that got lost is repeated under the same id", async () => {
  const { outbox, tries, sent } = outboxAnswering([gone, gone, null]);
  outbox.add("hello");
  await settle();
  deepStrictEqual(sent, ["hello"]);
  strictEqual(new Set(tries).size, 1);
  strictEqual(tries.length, 3);
});

Deno.test("without a server it gives up, and starts again when the connection is back", async () => {
  const { outbox, tries, sent } = outboxAnswering([gone, gone, gone, gone, null]);
  outbox.add("hello");
  await settle();
  strictEqual(outbox.items[0].state, "failed");
  strictEqual(tries.length, 4);
  outbox.retry();
  await settle();
  deepStrictEqual(sent, ["hello"]);
});

Deno.test("what the server refuses is not repeated by itself and holds up nothing", async () => {
  const { outbox, sent } = outboxAnswering([refused, null]);
  outbox.add("bad");
  outbox.add("good");
  await settle();
  deepStrictEqual(sent, ["good"]);
  strictEqual(outbox.items[0].error, "Write something first.");
  outbox.retry();
  await settle();
  deepStrictEqual(sent, ["good"]);
  outbox.retry(outbox.items[0].id);
  await settle();
  deepStrictEqual(sent, ["good", "bad"]);
});

Deno.test("what was written later does not overtake what the connection kept back", async () => {
  const { outbox, sent } = outboxAnswering([gone, gone, gone, gone, null, null]);
  outbox.add("first");
  await settle();
  strictEqual(outbox.items[0].state, "failed");
  outbox.add("second");
  await settle();
  deepStrictEqual(sent, ["first", "second"]);
});

Deno.test("unsent messages survive a reload, with their ids", async () => {
  const before = outboxAnswering([gone]);
  before.outbox.add("hello");
  await settle();
  before.outbox.stop();
  const after = outboxAnswering([null], before.store);
  strictEqual(after.outbox.items.length, 1);
  after.outbox.retry();
  await settle();
  deepStrictEqual(after.sent, ["hello"]);
  deepStrictEqual(after.tries, [before.tries[0]]);
  deepStrictEqual(before.store.names("outbox:"), []);
});
