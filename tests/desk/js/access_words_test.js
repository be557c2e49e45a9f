// @ts-check
/** What the page of access says of people, sessions and API tokens. */

import assert from "node:assert/strict";
import {
  ofOwnSession,
  ofSession,
  ofToken,
  scopesOf,
  standing,
} from "../../../desk/static/console/access_words.js";

const NOW = new Date("2026-03-04T12:00:00Z");
/** @type {import("../../../desk/static/console/access_words.js").Person} */
const NORA = {
  id: "u1",
  name: "Nora",
  email: "nora@shop.test",
  role: "agent",
  has_password: true,
  signed_in_at: null,
  waits_until: null,
  revoked_at: null,
};

Deno.test("what matters most of somebody is said first", () => {
  const waits = { ...NORA, waits_until: "2026-03-04T12:05:00Z" };
  assert.equal(standing(waits, NOW).state, "waits");
  assert.equal(standing({ ...waits, revoked_at: "2026-03-01T00:00:00Z" }, NOW).state, "ended");
  assert.equal(standing({ ...waits, waits_until: "2026-03-04T11:59:00Z" }, NOW).state, "in");
  assert.equal(standing({ ...NORA, has_password: false }, NOW).words, "No password yet");
  assert.equal(standing({ ...NORA, role: "program", has_password: false }, NOW).state, "in");
  assert.equal(standing(NORA, NOW).words, "Not signed in yet");
});

Deno.test("the page's own session is not ended from the list", () => {
  const session = {
    id: "s1",
    user_id: "u1",
    device: "Firefox on Linux",
    created_at: "2026-03-04T09:00:00Z",
    seen_at: "2026-03-04T11:57:00Z",
    ends_at: "2026-03-04T13:57:00Z",
    current: false,
  };
  const shown = ofSession(session, [NORA], NOW);
  assert.deepEqual([shown.title, shown.who, shown.ends], ["Firefox on Linux", "Nora", "Sign out"]);
  assert.match(shown.facts, /used 3 min ago$/);
  assert.equal(ofSession({ ...session, current: true }, [NORA], NOW).ends, null);
  const here = ofOwnSession({ ...session, current: true }, NOW);
  assert.deepEqual([here.facts, here.ends], ["This device, this page", null]);
  const there = ofOwnSession(session, NOW);
  assert.deepEqual([there.facts, there.ends], ["used 3 min ago", "End"]);
});

Deno.test("only an admin's token is offered what admins decide", () => {
  assert.deepEqual(scopesOf("lead"), ["read", "write", "signals"]);
  assert.ok(scopesOf("admin").includes("admin"));
});

Deno.test("a token that has ended says so", () => {
  const token = {
    id: "t1",
    user_id: "gone",
    name: "Report",
    scopes: ["read", "signals"],
    created_at: "2026-01-01T00:00:00Z",
    expires_at: "2026-03-05T00:00:00Z",
    last_used_at: null,
  };
  const shown = ofToken(token, [NORA], NOW);
  assert.deepEqual([shown.who, shown.bad], ["Somebody · read, signals", false]);
  assert.match(shown.facts, /^until .*, never used$/);
  const ended = ofToken({ ...token, expires_at: "2026-03-04T00:00:00Z" }, [NORA], NOW);
  assert.equal(ended.bad, true);
  assert.match(ended.facts, /^ended /);
});
