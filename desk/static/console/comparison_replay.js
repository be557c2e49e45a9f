// @ts-check
/** The replay's lists: the turns at which the two models part, each with its conversation. */

import { make } from "../staff/element.js";
import { decisionWords, judgedWords } from "./comparison_words.js";

/** @typedef {import("./comparison_types.js").Replay} Replay */
/** @typedef {import("./comparison_types.js").ReplayedTurn} ReplayedTurn */

/** @type {[import("./comparison_types.js").ListName, string, string][]} */
const LISTS = [
  ["broken", "Broken", "Right before, not any more."],
  ["fixed", "Fixed", "Right now, and not before."],
  ["changed", "Changed", "Different, and the truth is not known or neither is right."],
];

/** @param {Replay} replay */
export function replayPart(replay) {
  const { known, taught } = replay;
  return [
    make("p", { class: "quiet" }, judgedWords(replay)),
    make(
      "p",
      null,
      known.asked === 0
        ? "Of no turn that the candidate was not taught is the truth known."
        : `Of ${
          known.asked.toLocaleString("en")
        } turns whose truth is known and that the candidate ` +
          `was not taught, ${known.old_right.toLocaleString("en")} were served right before and ` +
          `${known.new_right.toLocaleString("en")} now (McNemar's exact test: p = ${
            known.p.toFixed(3)
          }).`,
    ),
    taught.asked > 0 &&
    make(
      "p",
      { class: "quiet" },
      `Of ${taught.asked.toLocaleString("en")} that it was taught, ` +
        `${taught.new_right.toLocaleString("en")} are served right now, which proves nothing.`,
    ),
    ...LISTS.map(([name, title, words]) =>
      list(title, words, replay.counts[name], replay.lists[name], name === "broken")
    ),
  ];
}

/**
 * @param {string} title
 * @param {string} words
 * @param {number} count
 * @param {readonly ReplayedTurn[]} turns
 * @param {boolean} open
 */
function list(title, words, count, turns, open) {
  if (count === 0) return make("p", { class: "compare-none" }, `${title}: none.`);
  const more = count - turns.length;
  return make(
    "details",
    { class: "compare-list", open },
    make("summary", null, make("b", null, `${title}: ${count.toLocaleString("en")}`)),
    make("p", { class: "quiet" }, words),
    make("ul", null, ...turns.map(item)),
    more > 0 && make("p", { class: "quiet" }, `And ${more.toLocaleString("en")} older ones.`),
  );
}

/** @param {ReplayedTurn} turn */
function item(turn) {
  const words = turn.text === null ? "(deleted)" : turn.text || "(no words)";
  const address = new URLSearchParams({ turn: turn.turn_id, c: turn.conversation_id });
  const truth = turn.truth === null
    ? ""
    : `${turn.truth_from === "wrap_up" ? "The agent says" : "Labelled"}: ${turn.truth}` +
      (turn.taught ? " (taught)" : "");
  return make(
    "li",
    { class: "compare-turn" },
    make("a", { href: `/console/turns?${address}` }, make("bdi", null, words)),
    make(
      "dl",
      null,
      make("dt", null, "Before"),
      make("dd", null, decisionWords(turn.old)),
      make("dt", null, "Now"),
      make("dd", null, decisionWords(turn.new)),
    ),
    truth && make("small", { class: "quiet" }, truth),
  );
}
