// @ts-check
import assert from "node:assert/strict";
import { reachProblem } from "../../../desk/static/desk/reach.js";
import { stageOf, troubleOf } from "../../../desk/static/staff/delivery.js";
import { line } from "./samples.js";

/** @typedef {import("../../../desk/static/staff/types.js").DeliveryState} State */

/** @param {State} state @param {string|null} [error] */
const delivery = (state, error = null) => ({ state, error });

Deno.test("while all is well there is a mark with words, and where it is not there is a sentence", () => {
  assert.equal(stageOf(null), null);
  for (const state of /** @type {const} */ (["pending", "sending", "sent", "delivered", "read"])) {
    assert(stageOf(delivery(state)));
    assert.equal(troubleOf(delivery(state)), null);
  }
  for (const state of /** @type {const} */ (["failed", "dead", "unknown", "dropped"])) {
    assert.equal(stageOf(delivery(state)), null);
    assert(troubleOf(delivery(state)));
  }
});

Deno.test("trouble is told in words, with the code where there are none", () => {
  assert.equal(troubleOf(delivery("dead", "131026")), "Not delivered (131026).");
  assert.equal(troubleOf(delivery("failed")), "Not delivered.");
  assert.equal(
    troubleOf(delivery("dropped", "opted_out")),
    "The customer asked for no more messages on this number.",
  );
  const held = delivery("pending", "window_closed");
  assert.match(troubleOf(held) ?? "", /^Waits until the customer writes again/);
  assert.equal(stageOf(held), null);
  assert.match(troubleOf(delivery("unknown", "no_answer")) ?? "", /^Nobody knows/);
});

Deno.test("a failed try that is repeated is no trouble yet", () => {
  assert.equal(
    stageOf(delivery("pending", "http_503"))?.words,
    "Waiting to be tried again (http_503)",
  );
});

Deno.test("a closed window is told until the customer writes again on that channel", () => {
  const held = line(2, {
    author: "agent",
    channel: "whatsapp",
    delivery: delivery("pending", "window_closed"),
  });
  assert.match(reachProblem([held], "whatsapp") ?? "", /more than 24 hours ago/);
  assert.equal(reachProblem([held], "web"), null);
  const reaction = line(3, { channel: "whatsapp", event: "reaction" });
  assert(reachProblem([held, reaction], "whatsapp"));
  assert(reachProblem([held, line(4)], "whatsapp"));
  assert.equal(reachProblem([held, line(4, { channel: "whatsapp" })], "whatsapp"), null);
});

Deno.test("a STOP lasts until a START, whatever else the customer writes", () => {
  const stop = line(1, { channel: "twilio", event: "opt_out", text: "STOP" });
  const more = line(2, { channel: "twilio" });
  assert.match(reachProblem([stop, more], "twilio") ?? "", /no more messages on SMS/);
  const start = line(3, { channel: "twilio", event: "opt_in", text: "START" });
  assert.equal(reachProblem([stop, more, start], "twilio"), null);
  const dropped = line(4, {
    author: "agent",
    channel: "twilio",
    delivery: delivery("dropped", "opted_out"),
  });
  assert(reachProblem([dropped], "twilio"));
  assert(reachProblem([start, dropped], "twilio"));
});
