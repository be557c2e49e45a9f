// @ts-check
import assert from "node:assert/strict";
import { belongs, customerWaitsSince, isNewer, listed } from "../../../desk/static/desk/views.js";
import { ownerName, replyBarrier, standing } from "../../../desk/static/desk/standing.js";

/** @typedef {import("../../../desk/static/staff/types.js").Conversation} Conversation */

/**
 * @param {string} id
 * @param {Partial<Conversation>} [more]
 * @returns {Conversation}
 */
function conversation(id, more = {}) {
  return {
    id,
    state: "waiting",
    owner_epoch: 1,
    channel: "web",
    customer: { id: `c${id}`, name: id },
    agent: null,
    created_at: "2025-03-10T10:00:00Z",
    updated_at: "2025-03-10T10:00:00Z",
    last_message: null,
    handoff: null,
    snoozed: null,
    mentions: [],
    tags: [],
    blocked: false,
    ...more,
  };
}

/** @param {string} requested_at */
const handoff = (requested_at) => ({
  id: "h",
  state: "requested",
  reason: { code: "customer_asked", text: "Asked for a person" },
  intent: null,
  requested_at,
  queue: "support",
  priority: /** @type {"normal"} */ ("normal"),
  ranked_at: requested_at,
  warn_at: null,
  due_at: null,
  replied_at: null,
  offer: null,
  tier: null,
});

const nora = { id: "u1", name: "Nora" };
const jonas = { id: "u2", name: "Jonas" };

Deno.test("in Waiting who is to be served first comes first, however long the others wait", () => {
  const urgent = { ...handoff("2025-03-10T10:09:00Z"), ranked_at: "2025-03-10T09:39:00Z" };
  const all = [
    conversation("long", { handoff: handoff("2025-03-10T10:01:00Z") }),
    conversation("urgent", { handoff: urgent }),
  ];
  assert.deepEqual(listed("waiting", all, "u1").map((one) => one.id), ["urgent", "long"]);
  assert.equal(customerWaitsSince(all[1]), "2025-03-10T10:09:00Z");
});

Deno.test("in Waiting the one who waits longest comes first, elsewhere what changed last", () => {
  const all = [
    conversation("short", { handoff: handoff("2025-03-10T10:09:00Z") }),
    conversation("long", {
      handoff: handoff("2025-03-10T10:01:00Z"),
      updated_at: "2025-03-10T10:30:00Z",
    }),
    conversation("bot", { state: "bot", updated_at: "2025-03-10T10:20:00Z" }),
  ];
  assert.deepEqual(listed("waiting", all, "u1").map((one) => one.id), ["long", "short"]);
  assert.deepEqual(listed("open", all, "u1").map((one) => one.id), ["long", "bot", "short"]);
});

Deno.test("Mine holds only what this agent answers", () => {
  assert.equal(
    belongs("mine", { state: "agent", agent: nora, snoozed: null, mentions: [] }, "u1"),
    true,
  );
  assert.equal(
    belongs("mine", { state: "agent", agent: jonas, snoozed: null, mentions: [] }, "u1"),
    false,
  );
  assert.equal(
    belongs("open", { state: "agent", agent: jonas, snoozed: null, mentions: [] }, "u1"),
    true,
  );
  assert.equal(
    belongs("open", { state: "resolved", agent: null, snoozed: null, mentions: [] }, "u1"),
    false,
  );
});

Deno.test("an older owner never replaces a newer one, whatever its time says", () => {
  const known = conversation("x", { owner_epoch: 5, updated_at: "2025-03-10T10:00:00Z" });
  const late = { owner_epoch: 4, updated_at: "2025-03-10T11:00:00Z" };
  assert.equal(isNewer(known, late), false);
  assert.equal(isNewer(known, { ...late, owner_epoch: 6 }), true);
  assert.equal(isNewer(known, { owner_epoch: 5, updated_at: "2025-03-10T09:00:00Z" }), false);
  assert.equal(isNewer(undefined, late), true);
});

Deno.test("a customer waits in the queue, and when an agent owes them an answer", () => {
  const asked = /** @type {Conversation["last_message"]} */ (
    { author: "customer", created_at: "2025-03-10T10:05:00Z" }
  );
  const mine = conversation("x", { state: "agent", agent: nora, last_message: asked });
  assert.equal(customerWaitsSince(mine), "2025-03-10T10:05:00Z");
  assert.equal(customerWaitsSince({ ...mine, state: "bot" }), null);
  const queued = conversation("x", { handoff: handoff("2025-03-10T10:01:00Z") });
  assert.equal(customerWaitsSince(queued), "2025-03-10T10:01:00Z");
});

Deno.test("only the owner may reply; everybody else is told why not, and whose it is", () => {
  assert.equal(standing({ state: "agent", agent: nora }, "u1"), "mine");
  assert.equal(replyBarrier({ state: "agent", agent: nora }, "u1"), null);
  assert.equal(ownerName({ state: "agent", agent: jonas }, "u1"), "Jonas");
  assert.match(replyBarrier({ state: "agent", agent: jonas }, "u1") ?? "", /^Jonas is answering/);
  assert.match(replyBarrier({ state: "waiting", agent: null }, "u1") ?? "", /^Claim/);
});

Deno.test("what its agent put off is under Snoozed until it is back, the next to come back first", () => {
  const put = (/** @type {string} */ id, /** @type {string|null} */ until) =>
    conversation(id, {
      state: "agent",
      agent: nora,
      snoozed: { at: "2025-03-10T10:00:00Z", until },
    });
  const all = [
    put("whenever", null),
    put("later", "2025-03-11T09:00:00Z"),
    put("sooner", "2025-03-10T18:00:00Z"),
    conversation("here", { state: "agent", agent: nora }),
  ];
  assert.deepEqual(listed("mine", all, "u1").map((one) => one.id), ["here"]);
  const snoozed = listed("snoozed", all, "u1").map((one) => one.id);
  assert.deepEqual(snoozed, ["sooner", "later", "whenever"]);
  assert.equal(listed("snoozed", all, "u2").length, 0);
  assert.equal(listed("open", all, "u2").length, 4);
});

Deno.test("whoever is mentioned finds it under Mentions, whosever it is", () => {
  const all = [
    conversation("x", { state: "agent", agent: jonas, mentions: ["u1", "u3"] }),
    conversation("y", { state: "resolved" }),
  ];
  assert.deepEqual(listed("mentions", all, "u1").map((one) => one.id), ["x"]);
  assert.deepEqual(listed("mentions", all, "u2"), []);
});
