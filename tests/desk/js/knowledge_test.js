// @ts-check
import assert from "node:assert/strict";
import { asText, inserted, KnowledgeSearch } from "../../../desk/static/desk/knowledge.js";
import { chosen } from "../../../desk/static/desk/picker.js";

/** @typedef {import("../../../desk/static/staff/types.js").Passage} Passage */

/**
 * @param {string} heading
 * @returns {Passage}
 */
const passage = (heading) => ({
  article: "boots",
  title: "Boots",
  heading,
  text: `All about ${heading}.`,
  url: "https://shop.test/help/boots",
  score: 0.5,
});

/** Answers when it is told to, whatever it was asked first. */
class SlowServer {
  /** @type {{question: string, signal: AbortSignal, answer: PromiseWithResolvers<any>}[]} */
  asked = [];

  /**
   * @param {string} question
   * @param {AbortSignal} signal
   */
  ask = (question, signal) => {
    const answer = Promise.withResolvers();
    this.asked.push({ question, signal, answer });
    return answer.promise;
  };

  /** @param {number} count */
  async wasAsked(count) {
    while (this.asked.length < count) await new Promise((resolve) => setTimeout(resolve));
  }
}

/** @param {KnowledgeSearch} search */
const changed = (search) =>
  new Promise((resolve) => search.addEventListener("change", resolve, { once: true }));

Deno.test("a passage goes into a draft with its link, on lines of its own", () => {
  const text = asText(passage("wax"));
  assert.equal(text, "All about wax.\nhttps://shop.test/help/boots");
  assert.deepEqual(inserted({ value: "", start: 0, end: 0 }, "Quote"), {
    value: "Quote",
    caret: 5,
  });
  const end = "Hello Ada,".length;
  assert.deepEqual(inserted({ value: "Hello Ada, ", start: end, end: end + 1 }, "Quote"), {
    value: "Hello Ada,\n\nQuote",
    caret: 17,
  });
  assert.deepEqual(inserted({ value: "Hello XXX Bye", start: 6, end: 9 }, "Quote"), {
    value: "Hello\n\nQuote\n\nBye",
    caret: 12,
  });
});

Deno.test("arrows go round, and other keys choose nothing", () => {
  assert.equal(chosen(0, "ArrowDown", 3), 1);
  assert.equal(chosen(2, "ArrowDown", 3), 0);
  assert.equal(chosen(0, "ArrowUp", 3), 2);
  assert.equal(chosen(0, "ArrowDown", 0), null);
  assert.equal(chosen(1, "a", 3), null);
});

Deno.test("what was asked before never overtakes what was asked after", async () => {
  const server = new SlowServer();
  const search = new KnowledgeSearch(server.ask, 0);
  search.type("wax");
  await server.wasAsked(1);
  search.type("wax boots");
  assert.equal(server.asked[0].signal.aborted, true);
  await server.wasAsked(2);
  server.asked[0].answer.resolve({ items: [passage("old")] });
  server.asked[1].answer.resolve({ items: [passage("new")] });
  await changed(search);
  assert.equal(search.found.state, "found");
  assert.deepEqual(search.found.items.map((one) => one.heading), ["new"]);
});

Deno.test("the same words are asked once, and none ask nothing", async () => {
  const server = new SlowServer();
  const search = new KnowledgeSearch(server.ask, 0);
  search.type("wax");
  search.type(" wax  ");
  await server.wasAsked(1);
  server.asked[0].answer.resolve({ items: [passage("wax")] });
  await changed(search);
  search.type("  ");
  assert.deepEqual(search.found, { state: "idle", items: [] });
  assert.equal(server.asked.length, 1);
});

Deno.test("after a failure the same words are asked again", async () => {
  const server = new SlowServer();
  const search = new KnowledgeSearch(server.ask, 0);
  search.type("wax");
  await server.wasAsked(1);
  server.asked[0].answer.reject(new Error("away"));
  await changed(search);
  assert.equal(search.found.state, "failed");
  search.type("wax");
  await server.wasAsked(2);
  server.asked[1].answer.resolve({ items: [passage("wax")] });
  await changed(search);
  assert.equal(search.found.state, "found");
});

Deno.test("a closed search tells nothing", async () => {
  const server = new SlowServer();
  const search = new KnowledgeSearch(server.ask, 0);
  search.type("wax");
  await server.wasAsked(1);
  search.addEventListener("change", () => assert.fail("it told of an answer"));
  search.stop();
  server.asked[0].answer.resolve({ items: [passage("wax")] });
  await server.asked[0].answer.promise;
  assert.equal(search.found.state, "searching");
});
