// @ts-check
import assert from "node:assert/strict";
import {
  alikeWords,
  classWords,
  leakWords,
  missingWords,
  percent,
  placeWords,
  promiseWords,
  stateWords,
} from "../../../desk/static/console/conflict_words.js";

/** @typedef {import("../../../desk/static/console/conflict_words.js").Conflicts} Conflicts */
/** @typedef {import("../../../desk/static/console/conflict_words.js").Fed} Fed */

const example = { text: "hello", intent: "greet", file: "nlu/talk.yml", line: 12 };

/** @param {Partial<Conflicts>} [rest] @returns {Conflicts} */
const conflicts = (rest = {}) => ({
  state: "done",
  problem: "",
  examples: 5673,
  intents: 46,
  nearer_count: 0,
  nearer: [],
  copies: [],
  leaks: [],
  starving_classes: [],
  starving: [],
  ...rest,
});

/** @type {Fed} */
const undo = {
  name: "undo",
  risk_class: "consequential",
  accepted_wrong_rate: 0.04,
  guarantee: 0.95,
  examples: 38,
  least: 74,
  missing: 36,
};

Deno.test("an example has its file and line, and how like both intents it is", () => {
  assert.equal(placeWords(example), "data/nlu/talk.yml:12");
  assert.equal(
    alikeWords({ example, nearest: example, own: 0.581, other: 0.779 }),
    "78 % alike, 58 % to its own",
  );
});

Deno.test("the state is said in words", () => {
  assert.equal(stateWords(conflicts()), "5,673 examples of 46 intents were compared.");
  assert.match(stateWords(conflicts({ examples: 0 })), /no training example/);
  assert.match(stateWords(conflicts({ state: "running", examples: 0 })), /Comparing/);
  const problem = "data/nlu/b.yml cannot be read.";
  assert.equal(stateWords(conflicts({ state: "failed", problem })), problem);
  assert.match(stateWords(conflicts({ state: "failed" })), /log says more/);
});

Deno.test("a leak has its directions, and none that is empty", () => {
  const leak = { one: "a", other: "b", of_one: 4, of_other: 2, worst: [] };
  assert.equal(leakWords(leak), "4 of a, 2 of b");
  assert.equal(leakWords({ ...leak, of_one: 0 }), "2 of b");
});

Deno.test("what a bound takes is said of intents and classes", () => {
  assert.equal(missingWords(undo), "36 more");
  assert.equal(missingWords({ ...undo, missing: 0 }), "enough");
  assert.equal(promiseWords(undo), "consequential: 4 % wrong at most, sure to 95 %");
  assert.match(classWords({ ...undo, name: "consequential" }), /38 of the 74 examples/);
  assert.equal(percent(0.025), "2.5 %");
});
