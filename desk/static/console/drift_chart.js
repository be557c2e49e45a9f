// @ts-check
/** A chart of days as a line over the band of what is expected. Its table says the same. */

import { chartWords, isOutside, rangeText, valueOf, valueText } from "./drift_words.js";

/** @typedef {import("./drift_words.js").DriftDay} DriftDay */
/** @typedef {import("./drift_words.js").Measure} Measure */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 720;
const HEIGHT = 150;
const LEFT = 56;
const TOP = 10;
const FLOOR = HEIGHT - 10;

/**
 * @param {Measure} measure
 * @param {DriftDay[]} days all without a gap; today's last, which is not over
 * @param {number|null} own what the model says of its own examples
 */
export function driftChart(measure, days, own) {
  const [low, high] = scale(measure, days, own);
  /** @param {number} value */
  const y = (value) => FLOOR - ((value - low) / (high - low)) * (FLOOR - TOP);
  const step = (WIDTH - LEFT) / Math.max(days.length, 1);
  /** @param {number} index */
  const x = (index) => LEFT + (index + 0.5) * step;

  const chart = draw("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    class: "day-chart drift-chart",
    role: "img",
    "aria-label": chartWords(measure, days),
  });
  for (const [index, day] of days.entries()) {
    const range = day.expected[measure];
    if (!range) continue;
    const top = y(Math.min(range.high, high));
    const height = Math.max(y(Math.max(range.low, low)) - top, 1);
    chart.append(
      draw("rect", { x: LEFT + index * step, y: top, width: step, height, class: "chart-band" }),
    );
  }
  for (const value of [low, (low + high) / 2, high]) {
    chart.append(draw("line", { x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value), class: "chart-line" }));
    const label = draw("text", { x: 0, y: y(value) + 4, class: "chart-label" });
    label.textContent = measure === "volume" ? valueText(measure, value) : `${Math.round(value * 100)} %`;
    chart.append(label);
  }
  if (own !== null) {
    chart.append(draw("line", { x1: LEFT, x2: WIDTH, y1: y(own), y2: y(own), class: "chart-own" }));
  }
  chart.append(draw("path", { d: pathOf(measure, days, x, y), class: "drift-line" }));
  for (const [index, day] of days.entries()) {
    const value = valueOf(measure, day);
    if (value === null) continue;
    const isToday = index === days.length - 1;
    const kind = isToday ? "is-today" : isOutside(measure, day) ? "is-outside" : "";
    const dot = draw("circle", {
      cx: x(index),
      cy: y(value),
      r: kind ? 5 : 3,
      class: `drift-dot ${kind}`,
    });
    const title = draw("title", {});
    title.textContent = `${day.day}${isToday ? ", so far" : ""}: ${valueText(measure, value)}` +
      (day.expected[measure] ? `; expected ${rangeText(measure, day)}` : "");
    dot.append(title);
    chart.append(dot);
  }
  return chart;
}

/**
 * From where to where the chart goes: a count from 0; a share as far as its values do.
 *
 * @param {Measure} measure
 * @param {DriftDay[]} days
 * @param {number|null} own
 * @returns {[number, number]}
 */
export function scale(measure, days, own) {
  const found = days.flatMap((day) => {
    const range = day.expected[measure];
    return [valueOf(measure, day), ...(range ? [range.low, range.high] : [])];
  });
  const values = [...found, own].filter((value) => value !== null);
  const most = Math.max(...values, 0);
  if (measure === "volume") return [0, niceAbove(most)];
  const ceiling = Math.min(Math.max(Math.ceil(most * 10) / 10, 0.1), 1);
  if (measure === "refused") return [0, ceiling];
  return [Math.max(Math.min(Math.floor(Math.min(...values, 1) * 10) / 10, ceiling - 0.1), 0), ceiling];
}

/** @param {number} value */
function niceAbove(value) {
  const size = 10 ** Math.floor(Math.log10(Math.max(value, 10)));
  return [1, 2, 4, 6, 8, 10].map((times) => times * size).find((one) => one >= value) ?? value;
}

/**
 * A line through the days that are over, with gaps where there is no value.
 *
 * @param {Measure} measure
 * @param {DriftDay[]} days
 * @param {(index: number) => number} x
 * @param {(value: number) => number} y
 */
function pathOf(measure, days, x, y) {
  let pen = "M";
  return days.slice(0, -1).map((day, index) => {
    const value = valueOf(measure, day);
    const part = value === null ? "" : `${pen}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = value === null ? "M" : "L";
    return part;
  }).join("");
}

/**
 * @param {string} tag
 * @param {Record<string, string|number>} attributes
 */
function draw(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}
