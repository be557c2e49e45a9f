// @ts-check
/** `<comparison-report>`: a candidate beside the live model, the verdict first; `show(report)`. */

import { fill, make } from "../staff/element.js";
import { reliabilityPlot } from "./comparison_charts.js";
import { replayPart } from "./comparison_replay.js";
import { classesTable, confusionsPart, figuresTable, intentsPart } from "./comparison_tables.js";

/** @typedef {import("./comparison_types.js").Comparison} Comparison */
/** @typedef {import("./comparison_types.js").Check} Check */
/** @typedef {import("./comparison_types.js").Source} Source */

const OWN = "On each model's own examples, left out in turn; the two have other examples.";
const HELD = "On held-out labels, which neither model saw.";

export class ComparisonReport extends HTMLElement {
  /** @param {Comparison} report */
  show(report) {
    // Held-out labels are the fairer ones, but few: an intent's figure needs many.
    const source = report.unseen ?? report.held_out;
    const of = report.unseen ? OWN : HELD;
    fill(
      this,
      make("p", { class: "compare-verdict" }, report.verdict),
      gatePart(report),
      section("Figures", figuresTable(report), classesTable(report.classes)),
      section("Intents", intentNames(report), note(of), legend(), ...intentsPart(source)),
      section("Confusions", note(of), confusionsPart(source)),
      section("What a confidence is worth", note(of), ...reliabilityPart(source)),
      section(
        "Replay",
        ...(report.replay
          ? replayPart(report.replay)
          : [make("p", { class: "quiet" }, "There is no live model to replay turns against.")]),
      ),
    );
  }
}

/** @param {Comparison} report */
function gatePart({ gate }) {
  return make(
    "section",
    { class: `compare-gate ${gate.passed ? "is-passed" : "is-failed"}` },
    make(
      "h2",
      null,
      gate.passed ? "The gate is open" : "The gate is closed",
    ),
    make("ul", null, ...gate.checks.map(checkLine)),
  );
}

/** @param {Check} check */
function checkLine({ passed, text }) {
  const [mark, word, look] = passed === null
    ? ["–", "Not checked", "quiet"]
    : passed
    ? ["✓", "Passed", "good"]
    : ["✕", "Failed", "bad"];
  return make(
    "li",
    null,
    make("span", { class: look, "aria-hidden": true }, mark),
    make("span", null, make("b", { class: look }, word), ` ${text}`),
  );
}

/** @param {Comparison} report */
function intentNames({ intents: { added, gone } }) {
  const said = [
    added.length > 0 && `New: ${added.join(", ")}.`,
    gone.length > 0 && `Gone: ${gone.join(", ")}.`,
  ].filter(Boolean);
  return said.length > 0 && make("p", null, said.join(" "));
}

/** @param {Source} source */
function reliabilityPart({ reliability }) {
  if (reliability.new.length === 0) {
    return [make("p", { class: "quiet" }, "Too few messages to say.")];
  }
  const words = "The share that was right by confidence, before and now; on the dashed line they " +
    "are the same.";
  return [
    legend(),
    make("div", { class: "compare-plot-room" }, reliabilityPlot(reliability, words)),
    note("Up: the share that was right. On the dashed line, 90 % means right 9 times in 10."),
  ];
}

function legend() {
  return make(
    "p",
    { class: "compare-legend" },
    make("span", { class: "compare-key compare-key-old" }, "Before"),
    make("span", { class: "compare-key compare-key-new" }, "Now"),
  );
}

/** @param {string} words */
const note = (words) => make("p", { class: "quiet" }, words);

/**
 * @param {string} title
 * @param {...import("../staff/element.js").Child} children
 */
function section(title, ...children) {
  return make("section", null, make("h2", null, title), ...children);
}

customElements.define("comparison-report", ComparisonReport);
