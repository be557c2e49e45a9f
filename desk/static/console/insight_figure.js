// @ts-check
/** `<insight-figure>`: one figure: its definition, by day, and by channel, intent, model and reason; fires `narrow`. */

import { channelName } from "../shared/channels.js";
import { fill, make } from "../staff/element.js";
import { insightChart } from "./insight_chart.js";
import { daysOf, intervalText, noneText, sentence, valueText } from "./insight_words.js";

/** @typedef {import("./insight_words.js").Day} Day */
/** @typedef {import("./insight_words.js").Definition} Definition */
/** @typedef {import("./insight_words.js").Insight} Insight */

export class InsightFigure extends HTMLElement {
  /** @type {Set<string>} the folds that stand open */
  #open = new Set();

  /**
   * @param {Insight} insight
   * @param {readonly Day[]} days
   * @param {Definition} definition
   */
  show(insight, days, definition) {
    const figure = insight.figures.find(({ name }) => name === definition.name);
    if (!figure) return;
    const all = daysOf(insight);
    const found = new Map(days.map((day) => [day.day, day]));
    const words = sentence(definition, figure, insight);
    const hasDays = days.some(({ figures }) => (figures[definition.name]?.n ?? 0) > 0);
    fill(
      this,
      make("h2", null, definition.title),
      make("p", null, definition.counts),
      this.#fold("definition", "How it is counted", definitionList(definition)),
      hasDays && insightChart(all, found, definition, words),
      !hasDays && make("p", { class: "quiet" }, "By day there is nothing to draw in these days."),
      hasDays && this.#fold("table", "As a table", dayTable(days, definition)),
      definition.unit !== "seconds" && make(
        "div",
        { class: "report-groups" },
        this.#groups("channel", insight.channels, definition, channelName),
        this.#groups("intent", insight.intents, definition),
        // A reason is there only where a person was needed.
        definition.name !== "containment" &&
          this.#groups("reason", reasonsFor(definition, insight.reasons), definition),
        this.#groups("model", insight.models, definition),
      ),
    );
  }

  /**
   * @param {string} name
   * @param {string} words
   * @param {HTMLElement} content
   */
  #fold(name, words, content) {
    const open = this.#open.has(name);
    const fold = make(
      "details",
      { class: "chart-table", open },
      make("summary", null, words),
      content,
    );
    fold.addEventListener("toggle", () => this.#open[fold.open ? "add" : "delete"](name));
    return fold;
  }

  /**
   * @param {string} dimension
   * @param {readonly import("./insight_words.js").Group[]} groups
   * @param {Definition} definition
   * @param {(value: string) => string} [named]
   */
  #groups(dimension, groups, definition, named = (value) => value.replaceAll("_", " ")) {
    const rows = groups.map(({ value, contacts, figures }) => {
      const estimate = figures[definition.name];
      const narrow = () =>
        this.dispatchEvent(new CustomEvent("narrow", { detail: { [dimension]: value } }));
      const label = value === "" ? noneText({ name: value }, dimension) : named(value);
      return make(
        "tr",
        null,
        make(
          "th",
          { scope: "row" },
          make("button", { type: "button", class: "link", onclick: narrow }, label),
        ),
        make("td", null, contacts),
        make("td", null, valueText(estimate.value, definition.unit)),
        make("td", { class: "quiet" }, intervalText(estimate, definition.unit)),
      );
    });
    const head = [dimension, "Contacts", definition.title, "95 % interval"];
    const table = figuresTable(
      [dimension[0].toUpperCase() + dimension.slice(1), ...head.slice(1)],
      rows,
    );
    return make("section", null, make("h3", null, `By ${dimension}`), table);
  }
}

/**
 * Of hand-offs, those without one are no reason.
 *
 * @param {Definition} definition
 * @param {readonly import("./insight_words.js").Group[]} reasons
 */
const reasonsFor = ({ name }, reasons) =>
  name === "handoff" ? reasons.filter(({ value }) => value !== "") : reasons;

/** @param {Definition} definition */
function definitionList({ numerator, denominator, rows }) {
  /** @type {[string, string][]} */
  const said = [["Of", denominator], ["Counted", numerator], ["Read from", rows]];
  return make(
    "dl",
    { class: "insight-definition" },
    ...said.flatMap(([term, words]) => [make("dt", null, term), make("dd", null, words)]),
  );
}

/**
 * @param {readonly Day[]} days
 * @param {Definition} definition
 */
function dayTable(days, { name, title, unit }) {
  const rows = days.map(({ day, contacts, figures }) =>
    make(
      "tr",
      null,
      make("th", { scope: "row" }, day),
      make("td", null, contacts),
      make("td", null, valueText(figures[name]?.value ?? null, unit)),
      make("td", null, figures[name] ? intervalText(figures[name], unit) : "–"),
    )
  );
  return figuresTable(["Day (UTC)", "Contacts", title, "95 % interval"], rows);
}

/**
 * @param {string[]} head
 * @param {HTMLElement[]} rows
 */
function figuresTable(head, rows) {
  const cells = head.map((one) => make("th", { scope: "col" }, one));
  const table = make(
    "table",
    { class: "figures" },
    make("thead", null, make("tr", null, ...cells)),
    make("tbody", null, ...rows),
  );
  return make("div", { class: "figures-scroll" }, table);
}

customElements.define("insight-figure", InsightFigure);
