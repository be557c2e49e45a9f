// @ts-check
/** A small chart: the mean satisfaction of each day as a bar from 0 to 5. Its table says the same. */

import { draw } from "./drawing.js";
import { meanText } from "./satisfaction_words.js";

/** @typedef {import("../staff/types.js").Figures} Figures */

const WIDTH = 720;
const HEIGHT = 130;
const LEFT = 18;
const TOP = 6;
const FLOOR = HEIGHT - 6;
const MOST = 5;

/**
 * @param {string[]} days all that are shown, in order
 * @param {ReadonlyMap<string, Figures>} figures those that have any
 * @param {string} words what it shows
 */
export function dayChart(days, figures, words) {
  const chart = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "day-chart", role: "img" });
  chart.setAttribute("aria-label", words);
  for (const value of [1, 3, 5]) {
    const y = heightOf(value);
    chart.append(draw("line", { x1: LEFT, x2: WIDTH, y1: y, y2: y, class: "chart-line" }));
    const label = draw("text", { x: 0, y: y + 4, class: "chart-label" });
    label.textContent = String(value);
    chart.append(label);
  }
  const step = (WIDTH - LEFT) / days.length;
  for (const [index, day] of days.entries()) {
    const found = figures.get(day);
    const mean = found?.csat ?? null;
    if (found === undefined || mean === null) continue;
    const y = heightOf(mean);
    const bar = draw("rect", {
      x: LEFT + index * step + step * 0.15,
      y,
      width: Math.min(step * 0.7, 40),
      height: FLOOR - y,
      rx: 2,
      class: "chart-bar",
    });
    const title = draw("title", {});
    title.textContent = `${day}: ${meanText(mean)} of 5, ${found.answered} answered`;
    bar.append(title);
    chart.append(bar);
  }
  return chart;
}

/** @param {number} value */
const heightOf = (value) => FLOOR - (value / MOST) * (FLOOR - TOP);
