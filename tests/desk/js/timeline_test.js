// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Timeline } from "../../../desk/static/widget/timeline.js";
import { message } from "./samples.js";

Deno.test("messages are kept in the server's order, however they arrive", () => {
  const timeline = new Timeline();
  for (const seq of [2, 9, 1, 5]) timeline.add(message(seq));
  deepStrictEqual(timeline.messages.map((each) => each.seq), [1, 2, 5, 9]);
  strictEqual(timeline.lastSeq, 9);
});

Deno.test("a message that comes twice is shown once", () => {
  const timeline = new Timeline();
  strictEqual(timeline.add(message(1)), true);
  strictEqual(timeline.add(message(2)), true);
  strictEqual(timeline.add(message(1)), false);
  strictEqual(timeline.add(message(2)), false);
  strictEqual(timeline.messages.length, 2);
});

Deno.test("unread is what others wrote after the last seen", () => {
  const timeline = new Timeline();
  timeline.add(message(1, { author: "bot" }));
  timeline.add(message(2, { author: "customer" }));
  timeline.add(message(3, { author: "agent" }));
  timeline.add(message(4, { author: "system" }));
  timeline.add(message(5, { author: "bot" }));
  strictEqual(timeline.unreadAfter(1), 2);
  strictEqual(timeline.unreadAfter(5), 0);
});

Deno.test("an empty timeline resumes from the beginning", () => {
  const timeline = new Timeline();
  timeline.add(message(3));
  timeline.clear();
  strictEqual(timeline.lastSeq, 0);
});
