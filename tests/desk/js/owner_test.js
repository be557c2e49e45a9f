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
  estimated_seconds: null,
  back_at: null,
  bot_typing: false,
  survey: null,
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

Deno.test("how long it takes is said only where it is known", () => {
  const waiting = (/** @type {number | null} */ estimated_seconds) =>
    describeOwner(conversation({ state: "waiting", queue_position: 2, estimated_seconds })).detail;
  strictEqual(waiting(null), "You are number 2 in the queue.");
  strictEqual(waiting(40), "You are number 2 in the queue. Lately it took less than a minute.");
  strictEqual(waiting(290), "You are number 2 in the queue. Lately it took a few minutes.");
  strictEqual(waiting(301), "You are number 2 in the queue. Lately it took up to 10 minutes.");
});

Deno.test("while nobody is there it is said when they are back, and no place", () => {
  const back = new Date(2026, 1, 2, 9, 0);
  const asked = (/** @type {Date} */ now) =>
    describeOwner(
      conversation({ state: "waiting", queue_position: 2, back_at: back.toISOString() }),
      { now, locale: "en-GB" },
    ).detail;
  strictEqual(asked(new Date(2026, 1, 2, 3, 0)), "Nobody is here now. Back today at 09:00.");
  strictEqual(
    asked(new Date(2026, 0, 31, 12, 0)),
    "Nobody is here now. Back Monday 2 February at 09:00.",
  );
  strictEqual(asked(new Date(2026, 1, 2, 9, 1)), "You are number 2 in the queue.");
});

Deno.test("an agent is named, and nobody needs to ask for a person then", () => {
  const owner = describeOwner(conversation({ state: "agent", agent: { name: "Nora" } }));
  strictEqual(owner.title, "Nora from support");
  strictEqual(owner.canAsk, false);
});

Deno.test("who is blocked is not asked to write, and whoever only was helped is", () => {
  const resolved = conversation({ state: "resolved" });
  strictEqual(describeOwner(resolved, { heard: "resolved" }).detail, "Write to open it again.");
  const blocked = describeOwner(resolved, { heard: "closed" });
  strictEqual(blocked.detail, "Messages here are not answered.");
  strictEqual(blocked.canAsk, false);
  strictEqual(describeOwner(conversation({}), { heard: "closed" }).canAsk, true); // lifted since
});
