// @ts-check
/** What the team's page says of people and queues. */

import assert from "node:assert/strict";
import {
  promise,
  servedBy,
  skillsIn,
  staffed,
  standing,
} from "../../../desk/static/console/team_words.js";
import { pieces } from "../../../desk/static/console/canned_words.js";

Deno.test("who has no page open is not there, whatever they said last", () => {
  assert.equal(standing({ online: false, presence: "online" }).words, "Not here");
  assert.equal(standing({ online: true, presence: "online" }).state, "online");
  assert.equal(standing({ online: true, presence: "wrap_up" }).words, "Wrap-up");
});

Deno.test("no queues are all of them, and one that left the file keeps its key", () => {
  const queues = [{ id: "money", name: "Payments" }];
  assert.equal(servedBy({ queues: [] }, queues), "All queues");
  assert.equal(servedBy({ queues: ["money", "old"] }, queues), "Payments, old");
});

Deno.test("skills are the words between commas, each once", () => {
  assert.deepEqual(skillsIn(" refunds, german ,,refunds "), ["refunds", "german"]);
  assert.deepEqual(skillsIn(" "), []);
});

Deno.test("the worst promise is what a queue says, and whether anybody is there", () => {
  assert.equal(promise({ waiting: 3, warned: 1, late: 1 }).words, "1 overdue");
  assert.equal(promise({ waiting: 3, warned: 1, late: 0 }).level, "soon");
  assert.equal(promise({ waiting: 0, warned: 0, late: 0 }).words, "nobody waits");
  assert.equal(staffed({ open: false, serving: 2 }), "Closed now");
  assert.equal(staffed({ open: true, serving: 0 }), "Nobody is there");
});

Deno.test("a text is cut at its variables and loses nothing", () => {
  const text = "{agent_name} here, order {order_number}.";
  assert.deepEqual(pieces(text), ["{agent_name}", " here, order ", "{order_number}", "."]);
  assert.equal(pieces(text).join(""), text);
});
