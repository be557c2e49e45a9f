// @ts-check
import { strictEqual } from "node:assert/strict";
import { describeOwner } from "../../../desk/static/widget/owner.js";

/** @typedef {import("../../../desk/static/widget/model.js").Conversation} Conversation */
/** @param {Partial<Conversation>} rest @returns {Conversation} */
const conversation = (rest) => ({
  id: "c1",
  state: "bot",
  agent: null,
  queue_position: null,
  bot_typing: false,
  last_seq: 1,
  ...rest,
});

Deno.test("the bot says that it is one, before and in a conversation", () => {
  strictEqual(describeOwner(null).detail, "Automated, not a person.");
  strictEqual(describeOwner(conversation({})).canAsk, true);
});

Deno.test("the place in the queue is said in words", () => {
  const waiting = (/** @type {number | null} */ queue_position) =>
    describeOwner(conversation({ state: "waiting", queue_position })).detail;
  strictEqual(waiting(2), "You are number 2 in the queue.");
  strictEqual(waiting(1), "You are next in the queue.");
  strictEqual(waiting(null), "Everything you write here is kept for them.");
});

Deno.test("an agent is named, and nobody needs to ask for a person then", () => {
  const owner = describeOwner(conversation({ state: "agent", agent: { name: "Nora" } }));
  strictEqual(owner.title, "Nora from support");
  strictEqual(owner.canAsk, false);
});
