// @ts-check
/** Who is offered, in which words, and for how long. */

import assert from "node:assert/strict";
import { offeredTo, offerWords, secondsLeft, wasSetAway } from "../../../desk/static/desk/offer.js";

const nora = { id: "u1", name: "Nora" };

/** @param {Record<string, unknown>} handoff */
function conversation(handoff, state = "waiting") {
  const known = { intent: null, reason: { code: "rule", text: "A rule of the shop" }, offer: null };
  return /** @type {import("../../../desk/static/staff/types.js").Conversation} */ (
    /** @type {unknown} */ ({ state, channel: "web", handoff: { ...known, ...handoff } })
  );
}

Deno.test("an agent is offered what waits and names them", () => {
  const offer = { agent: nora, until: "2025-03-10T10:00:00Z" };
  const mine = conversation({ offer });
  assert.equal(offeredTo([conversation({}), mine], "u1"), mine);
  assert.equal(offeredTo([mine], "u2"), null);
  assert.equal(offeredTo([conversation({ offer }, "agent")], "u1"), null);
});

Deno.test("an offer says what they want, as far as that is known, why and where", () => {
  assert.equal(
    offerWords(conversation({ intent: "get_refund", tier: "Gold" })),
    "Gold · Get refund · A rule of the shop · Web chat",
  );
  assert.equal(offerWords(conversation({})), "A rule of the shop · Web chat");
});

Deno.test("the seconds that are left are whole and never less than none", () => {
  const now = new Date("2025-03-10T10:00:00.200Z");
  assert.equal(secondsLeft("2025-03-10T10:00:30.000Z", now), 30);
  assert.equal(secondsLeft("2025-03-10T09:59:00.000Z", now), 0);
});

Deno.test("who missed two in a row was set to away", () => {
  assert.equal(wasSetAway({ presence: "away", missed_offers: 2 }), true);
  assert.equal(wasSetAway({ presence: "away", missed_offers: 0 }), false);
  assert.equal(wasSetAway({ presence: "online", missed_offers: 2 }), false);
  assert.equal(wasSetAway(null), false);
});
