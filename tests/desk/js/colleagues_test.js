// @ts-check
import assert from "node:assert/strict";
import { Colleagues, whoIsHere, writesToo } from "../../../desk/static/desk/colleagues.js";

const LIAM = { id: "l", name: "Liam", writing: false };
const AVA = { id: "a", name: "Ava", writing: true };
const NOOR = { id: "n", name: "Noor", writing: false };

/** A live socket that keeps what is said on it. */
class Line extends EventTarget {
  state = "live";
  /** @type {Record<string, unknown>[]} */
  said = [];

  /** @param {Record<string, unknown>} frame */
  send({ conversation_id, writing }) {
    this.said.push({ conversation_id, writing });
  }

  /** @param {Record<string, unknown>} detail */
  hear(detail) {
    this.dispatchEvent(new CustomEvent("frame", { detail: { type: "looking", ...detail } }));
  }
}

Deno.test("what is shown and whether something is written in it is said once, and again after a break", () => {
  const line = new Line();
  const colleagues = new Colleagues(line);
  colleagues.look("c1");
  colleagues.look("c1");
  colleagues.wrote(true);
  colleagues.wrote(true);
  colleagues.wrote(false);
  line.dispatchEvent(new Event("resync"));
  colleagues.look(null);
  assert.deepEqual(line.said, [
    { conversation_id: "c1", writing: false },
    { conversation_id: "c1", writing: true },
    { conversation_id: "c1", writing: false },
    { conversation_id: "c1", writing: false },
    { conversation_id: null, writing: false },
  ]);
});

Deno.test("nobody is named of another conversation, nor while the line is down", () => {
  const line = new Line();
  const colleagues = new Colleagues(line);
  colleagues.look("c1");
  line.hear({ conversation_id: "c2", colleagues: [AVA] });
  assert.deepEqual(colleagues.items, []);
  line.hear({ conversation_id: "c1", colleagues: [LIAM] });
  assert.deepEqual(colleagues.items, [LIAM]);
  line.state = "lost";
  line.dispatchEvent(new Event("state"));
  assert.deepEqual(colleagues.items, []);
});

Deno.test("who is there in words, and a warning only of who writes", () => {
  assert.equal(whoIsHere([]), "");
  assert.equal(whoIsHere([LIAM]), "Liam is here too");
  assert.equal(whoIsHere([LIAM, AVA, NOOR]), "Ava is writing…, Liam and Noor are here too");
  assert.equal(writesToo([LIAM]), "");
  assert.equal(writesToo([LIAM, AVA]), "Ava is writing in this conversation too.");
});
