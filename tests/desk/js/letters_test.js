// @ts-check
import assert from "node:assert/strict";
import {
  dropWords,
  resentWords,
  stateName,
  whatFailed,
  writerName,
} from "../../../desk/static/console/letter_words.js";
import { doorbell } from "../../../desk/static/shared/doorbell.js";

/** @typedef {import("../../../desk/static/staff/types.js").DeadLetter} DeadLetter */

/** @param {Partial<DeadLetter>} [rest] @returns {DeadLetter} */
function letter(rest = {}) {
  return {
    id: "l1",
    kind: "delivery",
    conversation_id: "v1",
    channel: "web",
    state: "dead",
    error: "TimeoutError",
    attempts: 12,
    text: "Hello",
    author: "bot",
    created_at: "2026-03-02T10:00:00Z",
    ...rest,
  };
}

Deno.test("what failed is said in words, and an error nobody foresaw by its name", () => {
  assert.equal(
    whatFailed(letter()),
    "Tried 12 times, never accepted. Last problem: no answer in time.",
  );
  assert.equal(whatFailed(letter({ attempts: 1, error: null })), "Tried once, never accepted.");
  assert.equal(
    whatFailed(letter({ state: "unknown", error: "Odd" })),
    "Nobody knows whether it arrived. Last problem: unforeseen (Odd).",
  );
  assert.equal(
    whatFailed(letter({ kind: "turn", attempts: 5, error: null })),
    "The bot tried 5 times and failed.",
  );
});

Deno.test("a message and a reply, a failure and a doubt are told apart", () => {
  const turn = letter({ kind: "turn", author: "customer" });
  const doubtful = letter({ state: "unknown", author: "agent" });
  assert.deepEqual([turn, letter(), doubtful].map(stateName), [
    "Not answered",
    "Not sent",
    "Perhaps sent",
  ]);
  assert.deepEqual([turn, letter(), doubtful].map(writerName), [
    "Customer's message",
    "Bot's reply",
    "Agent's reply",
  ]);
  assert.equal(writerName(letter({ kind: "turn", author: "system" })), "Return to the bot");
  assert.notEqual(dropWords(turn), dropWords(doubtful));
  assert.notEqual(resentWords(turn), resentWords(doubtful));
});

Deno.test("a doorbell rung during a look makes for one more look, whose end all wait for", async () => {
  let looks = 0;
  const ring = doorbell(async () => {
    looks += 1;
    await Promise.resolve();
  });
  const first = ring();
  await Promise.all([first, ring(), ring()]);
  assert.equal(looks, 2);
  await ring();
  assert.equal(looks, 3);
});
