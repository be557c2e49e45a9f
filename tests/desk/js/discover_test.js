// @ts-check
import assert from "node:assert/strict";
import {
  emptyWords,
  nameProblem,
  nearestWords,
  sizeWords,
  stateWords,
  trendWords,
} from "../../../desk/static/console/discover_words.js";

/** @typedef {import("../../../desk/static/console/clusters.js").Cluster} Cluster */
/** @typedef {import("../../../desk/static/console/clusters.js").Discovery} Discovery */

/** @param {Partial<Cluster>} [rest] @returns {Cluster} */
const cluster = (rest = {}) => ({
  id: "c1",
  name: "gift_wrap",
  keywords: ["gift"],
  nearest: "product_info",
  similarity: 0.294,
  messages: 6,
  texts: 6,
  trend: [1, 0, 2, 3],
  examples: [],
  ...rest,
});

/** @param {Partial<Discovery>} [rest] @returns {Discovery} */
const discovery = (rest = {}) => ({
  state: "done",
  days: 30,
  progress: 1,
  messages: 1200,
  error: null,
  finished_at: null,
  clusters: [],
  ...rest,
});

Deno.test("copies are counted, and said where there are any", () => {
  assert.equal(sizeWords(cluster()), "6 messages");
  assert.equal(sizeWords(cluster({ messages: 9 })), "9 messages, 6 wordings");
});

Deno.test("the nearest intent is said with how near it is, and nothing without one", () => {
  assert.equal(nearestWords(cluster()), "product_info, 29 % alike");
  assert.equal(nearestWords(cluster({ similarity: -0.1 })), "product_info, 0 % alike");
  assert.equal(nearestWords(cluster({ nearest: null, similarity: null })), "");
});

Deno.test("a trend is read out as its halves", () => {
  assert.match(trendWords(cluster()), /over 4 days: 1 in the first half, 5 in the second/);
});

Deno.test("an empty page says why it is empty", () => {
  assert.match(emptyWords(discovery({ state: "never" }))?.[0] ?? "", /Nothing was looked for/);
  assert.match(emptyWords(discovery({ messages: 0 }))?.[0] ?? "", /no message of the last 30/);
  assert.match(emptyWords(discovery())?.[1] ?? "", /1,200 messages/);
  assert.equal(emptyWords(discovery({ clusters: [cluster()] })), null);
  assert.equal(emptyWords(discovery({ state: "running" })), null);
});

Deno.test("a search says how it goes, and that it can be started again", () => {
  assert.equal(stateWords(discovery({ state: "running", messages: 0 }), ""), "Starting…");
  assert.equal(stateWords(discovery({ state: "running", messages: 1 }), ""), "Reading 1 message…");
  for (const error of ["Stopped", "ProcessFailed"]) {
    assert.match(stateWords(discovery({ state: "failed", error }), ""), /[Ss]tart it again/);
  }
  assert.match(stateWords(discovery(), "12:59"), /looked at 12:59$/);
});

Deno.test("an intent's name is small letters, digits and _", () => {
  assert.equal(nameProblem("check_warranty_2"), "");
  for (const name of ["", "Warranty", "2_days", "a b", "_a", "a-b"]) {
    assert.notEqual(nameProblem(name), "");
  }
});
