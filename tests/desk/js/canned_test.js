// @ts-check
import assert from "node:assert/strict";
import { factsOf, filled, matching, openVariable } from "../../../desk/static/desk/canned.js";

/**
 * @param {string} name
 * @param {string} text
 */
const reply = (name, text) => ({ id: name, name, text });

/**
 * @param {string} name
 * @param {{name: string, value: unknown}[]} [collected]
 */
function detail(name, collected) {
  const handoff = collected && { collected: collected.map((one) => ({ ...one, source: null })) };
  return /** @type {any} */ ({ customer: { name }, handoff: handoff ?? null });
}

Deno.test("what the conversation knows is filled in", () => {
  const known = detail("Ben Okafor", [{ name: "order_number", value: 10861 }]);
  const facts = factsOf(known, { name: "Nora Agent" });
  assert.equal(
    filled("Hello {customer_name}, {agent_name} here about {order_number}.", facts),
    "Hello Ben Okafor, Nora Agent here about 10861.",
  );
});

Deno.test("what it does not know stays open, and is found", () => {
  const facts = factsOf(detail("Guest"), { name: "Nora $& Agent" });
  const text = filled("{agent_name} on {order_number}, {customer_name}", facts);
  assert.equal(text, "Nora $& Agent on {order_number}, {customer_name}");
  assert.deepEqual(openVariable(text), { words: "{order_number}", start: 17, end: 31 });
  assert.equal(openVariable("an {other} brace"), null);
});

Deno.test("a customer's name that looks like a variable is not filled in again", () => {
  const facts = factsOf(detail("{agent_name}"), { name: "Nora" });
  assert.equal(filled("Hello {customer_name}", facts), "Hello {agent_name}");
});

Deno.test("names that begin so come first, then other names, then texts", () => {
  const replies = [
    reply("Money: refund", "…"),
    reply("Parcel", "A refund is on its way."),
    reply("Refund made", "Done."),
    reply("Greeting", "Hello"),
  ];
  const names = (/** @type {string} */ typed) => matching(replies, typed).map(({ name }) => name);
  assert.deepEqual(names(" reFund"), ["Refund made", "Money: refund", "Parcel"]);
  assert.deepEqual(names("refund way"), ["Parcel"]);
  assert.deepEqual(names(""), replies.map(({ name }) => name));
  assert.deepEqual(names("lamp"), []);
});
