// @ts-check
import assert from "node:assert/strict";
import { serviceLevel, urgencyOf } from "../../../desk/static/staff/service_level.js";

const due = {
  queue: "support",
  priority: /** @type {"normal"} */ ("normal"),
  ranked_at: "2026-02-02T10:00:00Z",
  warn_at: "2026-02-02T10:07:30Z",
  due_at: "2026-02-02T10:10:00Z",
  replied_at: null,
  offer: null,
  tier: null,
};
const at = (/** @type {string} */ time) => new Date(`2026-02-02T${time}Z`);

Deno.test("a promise is counted down, warned about and missed, in words and in a level", () => {
  const shown = (/** @type {string} */ time) => serviceLevel(due, at(time));
  assert.deepEqual(shown("10:00:00"), { level: "fresh", words: "Reply due in 10 min" });
  assert.deepEqual(shown("10:07:30"), { level: "soon", words: "Reply due in 3 min" });
  assert.deepEqual(shown("10:09:30"), { level: "soon", words: "Reply due in under 1 min" });
  assert.deepEqual(shown("10:10:00"), { level: "late", words: "Overdue just now" });
  assert.deepEqual(shown("10:13:10"), { level: "late", words: "Overdue 3 min" });
  assert.equal(serviceLevel(due, new Date("2026-02-01T23:00:00Z"))?.words, "Reply due in 11 h");
  assert.equal(serviceLevel(due, new Date("2026-01-31T10:10:00Z"))?.words, "Reply due in 2 d");
});

Deno.test("where nothing is promised, or a reply came, only the wait itself is shown", () => {
  const replied = { ...due, replied_at: "2026-02-02T10:02:00Z" };
  assert.equal(serviceLevel(replied, at("10:20:00")), null);
  assert.equal(serviceLevel({ ...due, due_at: null }, at("10:20:00")), null);
  assert.equal(urgencyOf(replied, "2026-02-02T10:19:30Z", at("10:20:00")), "fresh");
  assert.equal(urgencyOf(due, "2026-02-02T10:09:59Z", at("10:10:00")), "late");
  assert.equal(urgencyOf(due, "2026-02-02T10:00:00Z", at("10:06:00")), "fresh");
});
