// @ts-check
/** The tables of drift: days, periods compared, and intents that moved. */

import { make } from "../staff/element.js";
import {
  countText,
  isOutside,
  NAMES,
  pText,
  rangeText,
  turnsOf,
  valueOf,
  valueText,
} from "./drift_words.js";

/** @typedef {import("./drift_words.js").Drift} Drift */
/** @typedef {import("./drift_words.js").DriftChange} DriftChange */
/** @typedef {import("./drift_words.js").DriftDay} DriftDay */
/** @typedef {import("./drift_words.js").DriftMover} DriftMover */
/** @typedef {import("./drift_words.js").Measure} Measure */

/** @type {Measure[]} */
const MOVED = ["refused", "confidence", "share"];

/**
 * @param {Measure} measure
 * @param {DriftDay[]} days
 */
export function daysTable(measure, days) {
  return table(
    `${NAMES[measure]} by day`,
    ["Day", NAMES[measure], "Expected", ...(measure === "volume" ? [] : ["Messages"])],
    days.map((day, index) => {
      const isToday = index === days.length - 1;
      const outside = !isToday && isOutside(measure, day);
      return [
        isToday ? `${day.day}, so far` : day.day,
        marked(valueText(measure, valueOf(measure, day)), outside && "outside"),
        isToday && measure === "volume" ? "–" : rangeText(measure, day),
        ...(measure === "volume" ? [] : [countText(day.messages)]),
      ];
    }),
  );
}

/** @param {Drift} drift */
export function changesTable({ changes }) {
  return table(
    "The last full day and the last 7 beside the weeks before",
    ["Measure", "Period", "Before", "Now", "By chance"],
    changes.map((change) => [
      NAMES[change.measure],
      change.days === 1 ? "Last full day" : `Last ${change.days} days`,
      valueText(change.measure, change.before),
      marked(valueText(change.measure, change.now), change.is_alarm && "changed"),
      pText(change.p),
    ]),
  );
}

/** @param {Drift} drift */
export function moversTable({ movers, movers_since: since }) {
  return table(
    "Intents that moved most in the last 7 full days",
    ["Intent", "Messages", ...MOVED.map((measure) => NAMES[measure])],
    movers.map((mover) => [
      make(
        "a",
        { href: turnsOf(mover, since ?? ""), "data-key": `intent ${mover.intent}` },
        mover.intent,
      ),
      `${countText(mover.messages_before)} → ${countText(mover.messages_now)}`,
      ...MOVED.map((measure) => movedCell(mover, measure)),
    ]),
  );
}

/**
 * @param {DriftMover} mover
 * @param {Measure} measure
 */
function movedCell({ before, now, p, alarms }, measure) {
  const words = `${valueText(measure, before[measure])} → ${valueText(measure, now[measure])}`;
  return make(
    "span",
    null,
    marked(words, alarms.includes(measure) && "changed"),
    make("small", { class: "quiet" }, pText(p[measure])),
  );
}

/**
 * @param {string} words
 * @param {string|false} mark also in words, for whom colours say nothing
 */
function marked(words, mark) {
  return mark ? make("b", { class: "is-marked" }, words, " ", make("span", null, mark)) : words;
}

/**
 * @param {string} name
 * @param {string[]} head
 * @param {(string|Node)[][]} rows
 */
function table(name, head, rows) {
  return make(
    "div",
    { class: "figures-scroll", role: "region", tabindex: 0, "aria-label": name, "data-key": name },
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
        ...rows.map(([label, ...cells]) =>
          make(
            "tr",
            null,
            make("th", { scope: "row" }, make("bdi", null, label)),
            ...cells.map((one) => make("td", null, one)),
          )
        ),
      ),
    ),
  );
}
