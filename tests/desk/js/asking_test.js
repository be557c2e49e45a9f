// @ts-check
import assert from "node:assert/strict";
import { askedAgain, knownOf } from "../../../desk/static/desk/asking.js";

const KNOWN = new Map([
  ["order_number", "10432"],
  ["postcode", "BS1 4DJ"],
  ["email", "ada@example.test"],
  ["name", "Ada Byrne"],
  ["address", "4 Quay Street, Bristol"],
  ["wish", "where is my parcel?"],
]);

/** @param {string} draft */
const whats = (draft) => askedAgain(draft, KNOWN).map(({ what }) => what);

Deno.test("a draft that asks for what is known is told what, with the value", () => {
  assert.deepEqual(askedAgain("Hi! Could you give me your order number please?", KNOWN), [
    { what: "order number", value: "10432" },
  ]);
  assert.deepEqual(whats("Which order is it?"), ["order number"]);
  assert.deepEqual(whats("Please send me your postcode and the e-mail address."), [
    "postcode",
    "e-mail address",
  ]);
  assert.deepEqual(whats("I will need your full name.\nWhat's your address?"), [
    "name",
    "address",
  ]);
  assert.deepEqual(whats("Hi, I\u2019m Nora. What seems to be the problem?"), [
    "what it is about",
  ]);
  assert.deepEqual(whats("How can I help you today?"), ["what it is about"]);
  assert.deepEqual(whats("Can you confirm the zip code"), ["postcode"]);
});

Deno.test("statements, readings back and other questions raise no alarm", () => {
  for (
    const draft of [
      "I can see your order number, thank you.",
      "I have sent the label to your email address.",
      "Your name is on the parcel, so the courier will find you.",
      "I've found your order. It arrives on Monday.",
      "Thanks for the postcode!",
      "Please bring the parcel to the shop.",
      "Is it order number 10432 that you mean?",
      "Should I send it to your address, 4 Quay Street, Bristol?",
      "Would you like a refund or another pair?",
      "Please wait a moment while I look at the order.",
      "The invoice goes out by e-mail.",
      "You don't need to tell me the order number again.",
      "What happens if it rains?",
      "",
    ]
  ) assert.deepEqual(whats(draft), [], draft);
});

Deno.test("what nobody knows may be asked for", () => {
  assert.deepEqual(askedAgain("What is your phone number?", KNOWN), []);
  assert.deepEqual(askedAgain("What is your order number?", new Map()), []);
});

Deno.test("what is known is the card's first, then the shop's", () => {
  const detail = /** @type {any} */ ({
    customer: { name: "Guest" },
    handoff: {
      collected: [{ name: "order_number", value: "10432" }, { name: "email", value: "a@b.test" }],
      wants: { intent: "track_order", text: "where is it?", message_id: "m1" },
    },
  });
  const profile = { name: "Ada Byrne", email: "ada@shop.test", address: "4 Quay, Bristol BS1 4DJ" };
  assert.deepEqual([...knownOf(detail, profile)].sort(), [
    ["address", "4 Quay, Bristol BS1 4DJ"],
    ["email", "a@b.test"],
    ["name", "Ada Byrne"],
    ["order_number", "10432"],
    ["postcode", "BS1 4DJ"],
    ["wish", "where is it?"],
  ]);
  assert.equal(knownOf({ ...detail, handoff: null }, null).size, 0);
});
