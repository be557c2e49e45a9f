// @ts-check
/** The two drawings of a comparison: one intent's bars, and how much a confidence is worth. */

import { draw } from "./svg.js";

/** @typedef {import("./comparison_types.js").Pair} Pair */
/** @typedef {import("./comparison_types.js").ReliabilityPoint} ReliabilityPoint */
/** @typedef {import("./comparison_types.js").Reliability} Reliability */

const SIDE = 260;
const LEFT = 40;
const FOOT = 36;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/**
 * An intent's figure before, above, and now, below, from 0 to 100 %; the line through a bar's end
 * is its interval. The row that holds it says the same in figures.
 *
 * @param {Pair} pair
 */
export function bars(pair) {
  const chart = draw("svg", {
    viewBox: "0 0 100 20",
    class: "compare-bars",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  const both = /** @type {const} */ ([["old", 2], ["new", 11]]);
  chart.append(draw("rect", { x: 0, y: 0, width: 100, height: 20, class: "compare-ground" }));
  for (const [name, y] of both) {
    const figure = pair[name];
    if (!figure || figure.value === null || figure.low === null || figure.high === null) continue;
    chart.append(
      draw("rect", { x: 0, y, width: figure.value * 100, height: 7, class: `compare-${name}` }),
      draw("line", {
        x1: figure.low * 100,
        x2: figure.high * 100,
        y1: y + 3.5,
        y2: y + 3.5,
        class: "compare-interval",
      }),
    );
  }
  return chart;
}

/**
 * Confidence across, the share that was right up; on the dashed line a confidence is what it says.
 *
 * @param {Reliability} reliability
 * @param {string} words what it shows
 */
export function reliabilityPlot(reliability, words) {
  const chart = draw("svg", {
    viewBox: `0 0 ${LEFT + SIDE + 12} ${SIDE + FOOT + 12}`,
    class: "compare-plot",
    role: "img",
    "aria-label": words,
  });
  for (const tick of TICKS) {
    const [x, y] = at(tick, tick);
    const share = `${tick * 100} %`;
    chart.append(
      draw("line", { x1: LEFT, x2: LEFT + SIDE, y1: y, y2: y, class: "chart-line" }),
      draw("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end", class: "chart-label" }, share),
      draw("text", { x, y: SIDE + 26, "text-anchor": "middle", class: "chart-label" }, share),
    );
  }
  const [from, to] = [at(0, 0), at(1, 1)];
  chart.append(
    draw("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: "compare-ideal" }),
    draw(
      "text",
      { x: LEFT + SIDE / 2, y: SIDE + 42, "text-anchor": "middle", class: "chart-label" },
      "confidence",
    ),
    ...line(reliability.old, "old"),
    ...line(reliability.new, "new"),
  );
  return chart;
}

/**
 * @param {readonly ReliabilityPoint[]} points
 * @param {"old"|"new"} name
 */
function line(points, name) {
  const places = points.map((point) => at(point.confidence, point.right));
  return [
    draw("polyline", {
      points: places.map(([x, y]) => `${x},${y}`).join(" "),
      class: `compare-line compare-line-${name}`,
    }),
    ...places.map(([cx, cy]) => draw("circle", { cx, cy, r: 3, class: `compare-dot-${name}` })),
  ];
}

/**
 * @param {number} across
 * @param {number} up
 * @returns {[number, number]}
 */
const at = (across, up) => [LEFT + across * SIDE, 8 + (1 - up) * SIDE];
