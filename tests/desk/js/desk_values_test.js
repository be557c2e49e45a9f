// @ts-check
import assert from "node:assert/strict";
import { actionOf } from "../../../desk/static/desk/keys.js";
import { byRelevance, eventsOf, totalOf } from "../../../desk/static/desk/orders.js";
import { hashAt, hashOf, readRoute } from "../../../desk/static/desk/route.js";
import { changedSlots } from "../../../desk/static/desk/slots.js";
import { duration, urgency, waited } from "../../../desk/static/staff/moments.js";
import { initials, readable } from "../../../desk/static/staff/words.js";

Deno.test("the open conversation is in the address and comes back from it", () => {
  const there = { conversation: "a/b c", panel: false, message: null };
  assert.deepEqual(readRoute(hashOf("a/b c")), there);
  assert.deepEqual(readRoute(hashOf("x", true)), { ...there, conversation: "x", panel: true });
  assert.deepEqual(readRoute(hashAt("a/b c", "m/1")), { ...there, message: "m/1" });
  assert.equal(hashAt("x", null), hashOf("x"));
  for (const nowhere of ["#c/%E0%A4%A", "#c/x/at/%E0%A4%A", "#c/x/at/", "#else"]) {
    assert.deepEqual(readRoute(nowhere), { conversation: null, panel: false, message: null });
  }
});

Deno.test("keys act by their place on the keyboard, and leave typing alone", () => {
  const stroke = {
    key: "∆",
    code: "KeyJ",
    altKey: true,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
  };
  assert.equal(actionOf(stroke, true), "next");
  assert.equal(actionOf({ ...stroke, ctrlKey: true }, true), null);
  assert.equal(actionOf({ ...stroke, altKey: false }, false), null);
  const question = { ...stroke, key: "?", code: "Slash", altKey: false, shiftKey: true };
  assert.equal(actionOf(question, false), "keys");
  assert.equal(actionOf(question, true), null);
  const slash = { ...question, key: "/", shiftKey: false };
  assert.equal(actionOf(slash, false), "search");
  assert.equal(actionOf(slash, true), null);
});

Deno.test("Ctrl or ⌘ with Alt and E resolves and goes on; AltGr writes what it writes", () => {
  const stroke = {
    key: "e",
    code: "KeyE",
    altKey: true,
    ctrlKey: true,
    metaKey: false,
    shiftKey: false,
  };
  assert.equal(actionOf(stroke, true), "resolve-next");
  assert.equal(actionOf({ ...stroke, key: "€" }, true), null);
  const mac = { ...stroke, key: "´", ctrlKey: false, metaKey: true };
  assert.equal(actionOf(mac, true), "resolve-next");
  assert.equal(actionOf({ ...stroke, ctrlKey: false }, true), "resolve");
});

Deno.test("only values that the agent changed or added go back to the bot", () => {
  const known = new Map([["order_number", "WL-1"], ["email", "a@b.test"]]);
  const entered = /** @type {[string, string][]} */ ([
    ["order_number", " WL-2 "],
    ["email", ""],
    ["size", "M"],
    ["", "lost"],
  ]);
  assert.deepEqual(changedSlots(known, entered), { order_number: "WL-2", size: "M" });
});

Deno.test("the order the customer named comes first, then the newest; parcel events newest first", () => {
  const order = (/** @type {string} */ number, /** @type {string} */ placed_at) => ({
    number,
    state: "shipped",
    placed_at,
    total: "84.9",
    currency: "EUR",
  });
  const orders = [order("A", "2025-01-01"), order("B", "2025-03-01"), order("C", "2025-02-01")];
  assert.deepEqual(byRelevance(orders, "A").map((one) => one.number), ["A", "B", "C"]);
  assert.equal(totalOf(orders[0]), "€84.90");
  assert.equal(totalOf({ total: 5, currency: null }), "5.00");
  const events = [
    { at: "2025-03-01T10:00:00Z", text: "Picked up", place: null },
    { at: "2025-03-02T10:00:00Z", text: "At the depot", place: null },
  ];
  const parcel = { ...orders[0], tracking_events: events };
  assert.deepEqual(eventsOf(parcel).map((event) => event.text), ["At the depot", "Picked up"]);
});

Deno.test("waiting times read at a glance and grow urgent", () => {
  const now = new Date("2025-03-10T12:00:00Z");
  /** @param {number} seconds */
  const ago = (seconds) => new Date(now.getTime() - seconds * 1000).toISOString();
  assert.equal(waited(ago(2), now), "now");
  assert.equal(waited(ago(42), now), "42 s");
  assert.equal(waited(ago(200), now), "3 min");
  assert.equal(waited(ago(3_900), now), "1 h 05");
  assert.equal(waited(ago(200_000), now), "2 d");
  assert.equal(waited(ago(-30), now), "now");
  assert.deepEqual([60, 200, 600].map((s) => urgency(ago(s), now)), ["fresh", "soon", "late"]);
  assert.equal(duration(8.4), "8 ms");
  assert.equal(duration(1530), "1.5 s");
});

Deno.test("codes and names become something to read", () => {
  assert.equal(readable("action_track_order"), "Track order");
  assert.equal(initials("Ada de Lindqvist"), "AL");
  assert.equal(initials(""), "?");
});
