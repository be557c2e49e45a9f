// @ts-check
/** `<satisfaction-report>`: the figures of some days, over all and by day, agent, channel and queue; fires `narrow` and `reload`. */

import { channelName } from "../shared/channels.js";
import { fill, make } from "../staff/element.js";
import { dayChart } from "./day_chart.js";
import { answeredShare, daysBack, meanText, shareText, summary } from "./satisfaction_words.js";
import { periodField } from "./period_field.js";

/** @typedef {import("../staff/types.js").Figures} Figures */
/** @typedef {import("../staff/types.js").Satisfaction} Satisfaction */

const PERIODS = [7, 30, 90];

export class SatisfactionReport extends HTMLElement {
  days = 30;
  #state = make("div", { class: "report-state", role: "status" }, "Loading…");
  #body = make("div");
  #tableOpen = false;

  connectedCallback() {
    const period = periodField(PERIODS, this.days, (days) => {
      this.days = days;
      this.dispatchEvent(new Event("narrow"));
    });
    this.append(
      make(
        "div",
        { class: "report-head" },
        make("p", { class: "quiet" }, "What customers answered once their chat was resolved."),
        period,
      ),
      this.#state,
      this.#body,
    );
  }

  /**
   * @param {Satisfaction|null} figures
   * @param {string|null} problem
   */
  show(figures, problem) {
    const again = () => this.dispatchEvent(new Event("reload"));
    fill(
      this.#state,
      problem && make("p", { class: "bad" }, problem),
      problem && make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      figures?.total.asked === 0 && make("p", null, "Nobody was asked in these days."),
    );
    if (!figures) return;
    fill(this.#body);
    if (figures.total.asked === 0) return;
    const byDay = new Map(figures.days.map((one) => [one.day, one]));
    const days = daysBack(new Date(), this.days);
    const words = summary(figures.total, this.days);
    const table = make(
      "details",
      { class: "chart-table", open: this.#tableOpen },
      make("summary", null, "As a table"),
      figuresTable("Day", figures.days.map((one) => [one.day, one])),
    );
    table.addEventListener("toggle", () => (this.#tableOpen = table.open));
    fill(
      this.#body,
      tiles(figures.total),
      make("h2", null, "Satisfaction by day"),
      ...(figures.total.answered > 0
        ? [dayChart(days, byDay, words), table]
        : [make("p", { class: "quiet" }, "Nobody has answered yet.")]),
      make(
        "div",
        { class: "report-groups" },
        group("Agent", figures.agents.map((one) => [one.agent?.name ?? "Somebody", one])),
        group("Channel", figures.channels.map((one) => [channelName(one.channel), one])),
        group("Queue", figures.queues.map((one) => [one.name, one])),
      ),
    );
  }
}

/** @param {Figures} total */
function tiles(total) {
  /** @type {[string, string, string][]} */
  const shown = [
    ["Satisfied", shareText(total.satisfied), "of those who answered gave 4 or 5"],
    ["Satisfaction", meanText(total.csat), "of 5, on average"],
    ["Ease", meanText(total.effort), "of 5, on average"],
    ["Answered", shareText(answeredShare(total)), `${total.answered} of ${total.asked} asked`],
  ];
  return make(
    "dl",
    { class: "tiles" },
    ...shown.map(([name, value, words]) =>
      make(
        "div",
        { class: "tile" },
        make("dt", null, name),
        make("dd", null, make("b", null, value), make("span", { class: "quiet" }, words)),
      )
    ),
  );
}

/**
 * @param {string} name
 * @param {[string, Figures][]} rows
 */
function group(name, rows) {
  return make(
    "section",
    null,
    make("h2", null, `By ${name.toLowerCase()}`),
    figuresTable(name, rows),
  );
}

/**
 * @param {string} name
 * @param {[string, Figures][]} rows
 */
function figuresTable(name, rows) {
  const head = [name, "Satisfied", "Satisfaction", "Ease", "Answered"];
  return make(
    "div",
    { class: "figures-scroll" },
    make(
      "table",
      { class: "figures" },
      make(
        "thead",
        null,
        make("tr", null, ...head.map((one) => make("th", { scope: "col" }, one))),
      ),
      make(
        "tbody",
        null,
        ...rows.map(([label, one]) =>
          make(
            "tr",
            null,
            make("th", { scope: "row" }, make("bdi", null, label)),
            make("td", null, shareText(one.satisfied)),
            make("td", null, meanText(one.csat)),
            make("td", null, meanText(one.effort)),
            make("td", null, `${one.answered} of ${one.asked}`),
          )
        ),
      ),
    ),
  );
}

customElements.define("satisfaction-report", SatisfactionReport);
