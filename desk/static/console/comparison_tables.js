// @ts-check
/** The tables of a comparison, each old beside new: figures, risk classes, intents and confusions. */

import { make } from "../staff/element.js";
import { bars } from "./comparison_charts.js";
import { changedMost, figureWords, percent, pointsWords } from "./comparison_words.js";

/** @typedef {import("./comparison_types.js").Comparison} Comparison */
/** @typedef {import("./comparison_types.js").Figure} Figure */
/** @typedef {import("./comparison_types.js").Pair} Pair */
/** @typedef {import("./comparison_types.js").Source} Source */
/** @typedef {import("./comparison_types.js").RiskClass} RiskClass */

const MOST_BARS = 12;

/** @param {Comparison} report */
export function figuresTable(report) {
  const { held_out: held, unseen } = report;
  /** @type {[string, Pair][]} */
  const rows = [
    ["Read right, of held-out labels", held.accuracy],
    ...(unseen ? ownRows(unseen) : heldRows(held)),
  ];
  return table(
    "How well each model reads, with the interval that holds the true figure 95 times in 100",
    ["Figure", "Before", "Now"],
    rows.map(([name, pair]) => [name, shown(pair.old), shown(pair.new)]),
  );
}

/** @param {Source} own @returns {[string, Pair][]} */
const ownRows = (own) => [
  ["Read right, of its own examples left out in turn", own.accuracy],
  ["Calibration error (lower is better)", own.calibration_error],
  ["Out of scope: refused", own.out_of_scope.recall],
  ["Out of scope: told apart (AUROC)", own.out_of_scope.auroc],
];

/** @param {Source} held @returns {[string, Pair][]} */
const heldRows = (held) => [
  ["Calibration error (lower is better)", held.calibration_error],
  ["Out of scope: refused", held.out_of_scope.recall],
  ["Out of scope: told apart (AUROC)", held.out_of_scope.auroc],
];

/** @param {RiskClass[]} classes */
export function classesTable(classes) {
  return table(
    "What may be answered within the wrong rate that handoff.yml accepts",
    [
      "Risk class",
      "Accepted wrong",
      "Answered before",
      "Answered now",
      "Wrong held-out answers now",
    ],
    classes.map((one) => [
      one.name,
      percent(one.accepted_wrong_rate),
      one.old ? shown(one.old.coverage) : "–",
      one.new ? shown(one.new.coverage) : "–",
      one.new ? `${one.new.wrong} of ${one.new.answered}` : "–",
    ]),
  );
}

/** @param {Source} source */
export function intentsPart(source) {
  const changed = changedMost(source.intents, MOST_BARS);
  const all = source.intents.map((row) => [
    row.intent,
    shown(row.f1.old),
    shown(row.f1.new),
    shown(row.precision.new),
    shown(row.recall.new),
  ]);
  const drawn = changed.map((row) => [
    row.intent,
    bars(row.f1),
    make(
      "span",
      { class: Number(row.change) < 0 ? "bad" : "good" },
      pointsWords(Number(row.change)),
    ),
  ]);
  return [
    changed.length === 0
      ? make("p", { class: "quiet" }, "No intent's figure changed that can be said of both.")
      : table("The intents that changed most", ["Intent", "Before and now", "Change"], drawn),
    make(
      "details",
      { class: "chart-table" },
      make("summary", null, `All ${source.intents.length} intents as a table`),
      table(
        "F1 of each intent, and the precision and recall it has now",
        ["Intent", "F1 before", "F1 now", "Precision now", "Recall now"],
        all,
      ),
    ),
  ];
}

/** @param {Source} source */
export function confusionsPart(source) {
  if (source.confusions.length === 0) {
    return make("p", { class: "quiet" }, "No two intents are confused more or less than before.");
  }
  return table(
    "How often one intent was taken for another",
    ["Meant", "Taken for", "Before", "Now"],
    source.confusions.map((row) => [
      row.intent,
      row.taken_for,
      row.old === null ? "–" : `${row.old} of ${row.old_of}`,
      `${row.new} of ${row.new_of}`,
    ]),
  );
}

/** @param {Figure|null} figure */
function shown(figure) {
  const { value, under } = figureWords(figure);
  return make("span", { class: "compare-figure" }, value, make("small", null, under));
}

/**
 * @param {string} caption
 * @param {string[]} head
 * @param {(string|Node)[][]} rows the first of each names it
 */
export function table(caption, head, rows) {
  return make(
    "div",
    { class: "compare-scroll" },
    make(
      "table",
      { class: "compare-table" },
      make("caption", null, caption),
      make(
        "thead",
        null,
        make("tr", null, ...head.map((one) => make("th", { scope: "col" }, one))),
      ),
      make(
        "tbody",
        null,
        ...rows.map(([name, ...cells]) =>
          make(
            "tr",
            null,
            make("th", { scope: "row" }, make("bdi", null, name)),
            ...cells.map((cell, index) => make("td", { "data-head": head[index + 1] }, cell)),
          )
        ),
      ),
    ),
  );
}
