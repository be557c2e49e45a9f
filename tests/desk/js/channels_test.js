// @ts-check
import assert from "node:assert/strict";
import { channelName } from "../../../desk/static/shared/channels.js";
import { inOneLine, isHappening } from "../../../desk/static/shared/happenings.js";

Deno.test("channels and their further accounts have names, and unknown ones are shown all the same", () => {
  assert.equal(channelName("twilio"), "SMS");
  assert.equal(channelName("whatsapp.outlet"), "WhatsApp · outlet");
  assert.equal(channelName("acme"), "Acme");
  assert.equal(channelName(""), "");
});

Deno.test("what happened is told of who did it; what was written is a message", () => {
  const reaction = { author: "customer", event: "reaction", text: "Reacted with 👍: “Hello”" };
  assert(isHappening(reaction));
  assert.equal(inOneLine(reaction, "You"), "You reacted with 👍: “Hello”");
  const stop = { author: "customer", event: "opt_out", text: "STOP" };
  assert.equal(inOneLine(stop, "Ben"), "Ben wrote “STOP”: no more messages on this channel.");
  const joined = { author: "system", event: "claimed", text: "Nora joined." };
  assert.equal(inOneLine(joined, "Ben"), "Nora joined.");
  assert(!isHappening({ author: "customer", event: "too_fast" }));
  assert(!isHappening({ author: "bot", event: null }));
});
