// @ts-check
import assert from "node:assert/strict";
import { answerWords, standing, stateName } from "../../../desk/static/console/webhook_words.js";

/** @typedef {import("../../../desk/static/staff/types.js").WebhookDelivery} WebhookDelivery */

/** @type {WebhookDelivery} */
const DELIVERY = {
  id: "d1",
  event: "message_created",
  conversation_id: "c1",
  state: "pending",
  tries: 0,
  status: null,
  duration_ms: null,
  error: null,
  created_at: "2026-03-02T10:00:00.000Z",
  next_try_at: null,
  finished_at: null,
  body: null,
};

Deno.test("a delivery that failed once is said to be tried again", () => {
  assert.equal(stateName(DELIVERY), "Waiting");
  assert.equal(stateName({ ...DELIVERY, tries: 1 }), "Retrying");
  assert.equal(stateName({ ...DELIVERY, state: "dead", tries: 9 }), "Given up");
});

Deno.test("the answer is its status, or why there was none", () => {
  assert.equal(answerWords(DELIVERY), "");
  assert.equal(answerWords({ ...DELIVERY, status: 503, error: "http_503" }), "503");
  assert.equal(answerWords({ ...DELIVERY, error: "timeout" }), "no answer in time");
  assert.equal(
    answerWords({ ...DELIVERY, error: "no_connection (ClientConnectorError)" }),
    "no connection",
  );
});

Deno.test("a webhook says what needs looking at, and nothing else", () => {
  const webhook = { id: "w", url: "", events: [], created_at: "", waiting: 0, given_up: 0 };
  assert.equal(standing({ ...webhook, active: true }), "Active");
  assert.equal(
    standing({ ...webhook, active: false, waiting: 3, given_up: 1 }),
    "Paused · 3 waiting · 1 given up",
  );
});
