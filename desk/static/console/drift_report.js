// @ts-check
/** `<drift-report>`: the verdict, three charts, and the intents that moved most; fires `narrow` and `reload`. */

import { fill, make } from "../staff/element.js";
import { driftChart } from "./drift_chart.js";
import { changesTable, daysTable, moversTable } from "./drift_tables.js";
import { changeWords, examplesWords, moverWords, NAMES, verdict } from "./drift_words.js";
import { periodField } from "./period_field.js";

/** @typedef {import("./drift_words.js").Drift} Drift */
/** @typedef {import("./drift_words.js").Measure} Measure */

const PERIODS = [14, 28, 90];
/** @type {Measure[]} */
const CHARTS = ["refused", "confidence", "volume"];

export class DriftReport extends HTMLElement {
  days = 28;
  #state = make("div", { class: "report-state", role: "status" }, "Loading…");
  #banner = make("div", { role: "status" });
  #body = make("div");
  /** @type {Set<Measure>} */
  #openTables = new Set();

  connectedCallback() {
    const period = periodField(PERIODS, this.days, (days) => {
      this.days = days;
      this.dispatchEvent(new Event("narrow"));
    });
    this.append(
      make(
        "div",
        { class: "report-head" },
        make("p", { class: "quiet" }, "Whether customers write otherwise than in the weeks before."),
        period,
      ),
      this.#state,
      this.#banner,
      this.#body,
    );
  }

  /**
   * @param {Drift|null} drift
   * @param {string|null} problem
   */
  show(drift, problem) {
    const again = () => this.dispatchEvent(new Event("reload"));
    fill(
      this.#state,
      problem && make("p", { class: "bad" }, problem),
      problem && make("button", { type: "button", class: "button", onclick: again }, "Try again"),
    );
    if (!drift) return;
    this.#say(drift);
    const focused = this.#body.contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-key")
      : null;
    fill(this.#body, ...(drift.since === null ? [] : this.#parts(drift)));
    if (focused) {
      /** @type {HTMLElement|null} */
      const same = this.#body.querySelector(`[data-key="${CSS.escape(focused)}"]`);
      same?.focus({ preventScroll: true });
    }
  }

  /** @param {Drift} drift */
  #say(drift) {
    const [headline, rest] = verdict(drift);
    const reasons = [
      ...drift.changes.filter((one) => one.is_alarm).map(changeWords),
      ...drift.movers.filter((one) => one.alarms.length > 0).map(moverWords),
    ];
    const said = [headline, rest, ...reasons].join("\n");
    if (this.#banner.dataset.said === said) return; // read out once
    this.#banner.dataset.said = said;
    this.#banner.className = drift.is_alarm ? "drift-banner is-alarm" : "drift-banner";
    fill(
      this.#banner,
      make("p", null, make("b", null, headline)),
      make("p", null, rest),
      reasons.length > 0 && make("ul", null, ...reasons.map((words) => make("li", null, words))),
    );
  }

  /** @param {Drift} drift */
  #parts(drift) {
    return [
      ...CHARTS.map((measure) => this.#chart(measure, drift)),
      make("p", { class: "quiet drift-legend" }, legend(drift)),
      make("h2", null, "Compared"),
      changesTable(drift),
      make("h2", null, "Intents that moved most"),
      drift.movers.length > 0
        ? moversTable(drift)
        : make("p", { class: "quiet" }, "No intent has enough messages in both periods yet."),
    ];
  }

  /**
   * @param {Measure} measure
   * @param {Drift} drift
   */
  #chart(measure, drift) {
    const own = measure === "confidence" || measure === "refused"
      ? drift.own_examples?.[measure] ?? null
      : null;
    const table = make(
      "details",
      { class: "chart-table", open: this.#openTables.has(measure) },
      make("summary", { "data-key": `table ${measure}` }, "As a table"),
      daysTable(measure, drift.days),
    );
    table.addEventListener("toggle", () => {
      if (table.open) this.#openTables.add(measure);
      else this.#openTables.delete(measure);
    });
    return make(
      "section",
      null,
      make("h2", null, `${NAMES[measure]} by day`),
      driftChart(measure, drift.days, own),
      table,
    );
  }
}

/** @param {Drift} drift */
function legend(drift) {
  const band = drift.weeks > 0
    ? "The band is what the weeks before the last 7 full days let expect, 99 days in 100; a red dot is outside it. "
    : "";
  const dashed = drift.own_examples ? " That is the dashed line." : "";
  return `${band}The hollow dot is today, so far; days are in UTC. ${examplesWords(drift)}${dashed}`;
}

customElements.define("drift-report", DriftReport);
