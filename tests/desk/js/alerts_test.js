// @ts-check
import assert from "node:assert/strict";
import { AlertWishes } from "../../../desk/static/desk/alert_wishes.js";
import { alertOf } from "../../../desk/static/desk/alerts.js";

/** @typedef {import("../../../desk/static/staff/types.js").Conversation} Conversation */
/** @typedef {import("../../../desk/static/staff/types.js").Agent} Agent */

const NORA = { id: "n", email: "", name: "Nora Agent", role: /** @type {const} */ ("agent") };

/** @type {Agent} */
const SERVES = {
  user_id: "n",
  presence: "online",
  queues: ["billing"],
  skills: [],
  capacity: 5,
  load: 0,
  missed_offers: 0,
};

/** @type {Conversation} */
const BOTS = {
  id: "c1",
  state: "bot",
  owner_epoch: 1,
  channel: "web",
  customer: { id: "b", name: "Ben" },
  agent: null,
  created_at: "2026-03-02T10:00:00Z",
  updated_at: "2026-03-02T10:00:00Z",
  last_message: null,
  handoff: null,
  snoozed: null,
  mentions: [],
  tags: [],
  blocked: false,
};

/** @type {Conversation} */
const MINE = { ...BOTS, state: "agent", owner_epoch: 3, agent: { id: "n", name: "Nora Agent" } };

/** @param {string} queue */
const waiting = (queue) => ({
  ...BOTS,
  state: "waiting",
  owner_epoch: 2,
  handoff: { queue, reason: { code: "customer_asked", text: "" } },
});

/**
 * @param {Conversation|undefined} before
 * @param {Agent|null} [agent]
 */
const known = (before, agent = SERVES) => ({ user: NORA, agent, before: () => before });

/**
 * @param {Record<string, unknown>} message
 * @param {Conversation|undefined} before
 */
const said = (message, before) =>
  alertOf({
    type: "message",
    conversation_id: "c1",
    message: {
      id: "m1",
      author: "customer",
      author_name: null,
      private: false,
      event: null,
      text: "Are you\n there?",
      ...message,
    },
  }, known(before))?.title ?? null;

Deno.test("who is offered to this agent is called out once, and to no other", () => {
  const there = waiting("billing");
  /** @param {string} id */
  const offered = (id) => ({
    ...there,
    handoff: {
      ...there.handoff,
      offer: { agent: { id, name: "" }, until: "2026-03-02T10:01:00Z" },
    },
  });
  /** @param {string} id */
  const frame = (id) => ({ type: "conversation", conversation: offered(id) });
  const before = /** @type {any} */ (there);
  const told = /** @type {any} */ (offered("n"));
  assert.equal(alertOf(frame("n"), known(before))?.title, "Ben is offered to you");
  assert.equal(alertOf(frame("n"), known(told)), null);
  assert.equal(alertOf(frame("other"), known(before)), null);
});

Deno.test("who begins to wait in a queue of theirs is called out, while they are online", () => {
  const frame = { type: "conversation", conversation: waiting("billing") };
  assert.equal(alertOf(frame, known(BOTS))?.title, "Ben waits: Asked for a person");
  assert.equal(alertOf(frame, known(BOTS, { ...SERVES, queues: [] }))?.conversationId, "c1");
  assert.equal(alertOf(frame, known(BOTS, { ...SERVES, presence: "away" })), null);
  assert.equal(alertOf(frame, known(BOTS, { ...SERVES, queues: ["support"] })), null);
  const again = /** @type {Conversation} */ (/** @type {unknown} */ (waiting("billing")));
  assert.equal(alertOf(frame, known(again)), null, "and not at each change after that");
});

Deno.test("what becomes theirs is called out once", () => {
  const frame = { type: "conversation", conversation: MINE };
  assert.equal(alertOf(frame, known(BOTS))?.title, "Ben is yours now");
  assert.equal(alertOf(frame, known(MINE)), null);
});

Deno.test("a customer's answer counts only where the agent has the conversation", () => {
  assert.equal(said({}, MINE), "Ben answered");
  assert.equal(said({}, BOTS), null);
  assert.equal(said({ event: "edit" }, MINE), null);
  assert.equal(said({ author: "bot" }, MINE), null);
});

Deno.test("a mention is their name after @, in a colleague's note", () => {
  const note = { author: "agent", author_name: "Liam", private: true };
  assert.equal(said({ ...note, text: "please look, @nora agent" }, BOTS), "Liam mentions you");
  assert.equal(said({ ...note, text: "@Nora: yours?" }, BOTS), null);
  assert.equal(said({ ...note, text: "@Norah knows" }, BOTS), null);
  assert.equal(said({ ...note, text: "Nora knows" }, BOTS), null);
  assert.equal(said({ ...note, author_name: "Nora Agent", text: "@Nora" }, BOTS), null);
});

Deno.test("nobody is called who did not ask for it, and each agent asks for themselves", () => {
  /** @type {Map<string, string>} */
  const items = new Map();
  const shelf = {
    getItem: (/** @type {string} */ key) => items.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void items.set(key, value),
  };
  const noras = new AlertWishes(shelf, "n");
  assert.deepEqual([...noras.wanted], []);
  noras.set("sound", true);
  noras.set("text", true);
  noras.set("text", false);
  assert.deepEqual([...new AlertWishes(shelf, "n").wanted], ["sound"]);
  assert.deepEqual([...new AlertWishes(shelf, "l").wanted], []);
});
