// @ts-check
/** A figure by day as a line with its interval; read with a pointer or the arrow keys, and in words by its table. */

import { make } from "../staff/element.js";
import { draw } from "./drawing.js";
import { intervalText, valueText } from "./insight_words.js";

/** @typedef {import("./insight_words.js").Day} Day */

const [WIDTH, HEIGHT, LEFT, TOP, FLOOR] = [720, 200, 60, 10, 172];

/**
 * @param {string[]} days all of the period, in order
 * @param {ReadonlyMap<string, Day>} found those that have any contacts
 * @param {import("./insight_words.js").Definition} definition
 * @param {string} words what it shows, in a sentence
 */
export function insightChart(days, found, { name, unit }, words) {
  const points = days.flatMap((day, index) => {
    const estimate = found.get(day)?.figures[name];
    return estimate && estimate.value !== null
      ? [{ day, index, estimate, value: estimate.value }]
      : [];
  });
  const most = mostOf(points.map(({ estimate, value }) => estimate.high ?? value), unit);
  const step = (WIDTH - LEFT - 10) / Math.max(days.length - 1, 1);
  /** @param {number} index */
  const x = (index) => LEFT + index * step;
  /** @param {number} value */
  const y = (value) => FLOOR - (Math.min(value, most) / most) * (FLOOR - TOP);
  const chart = draw("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    class: "insight-chart",
    role: "img",
    tabindex: 0,
    "aria-label": `${words} Arrow keys read it day by day.`,
  });
  for (const part of [0, 0.5, 1]) {
    const value = most * part;
    chart.append(
      draw("line", { x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value), class: "chart-line" }),
      draw(
        "text",
        { x: LEFT - 8, y: y(value) + 4, class: "chart-label end" },
        valueText(value, unit),
      ),
    );
  }
  for (const index of new Set([0, Math.floor((days.length - 1) / 2), days.length - 1])) {
    const anchor = index === 0 ? "start" : index === days.length - 1 ? "end" : "middle";
    const place = { x: x(index), y: HEIGHT - 8, class: "chart-label", "text-anchor": anchor };
    chart.append(draw("text", place, days[index].slice(5)));
  }
  for (const { index, estimate } of points) {
    if (unit === "contacts" || estimate.low === null || estimate.high === null) continue;
    const ends = { y1: y(estimate.low), y2: y(estimate.high) };
    chart.append(draw("line", { x1: x(index), x2: x(index), ...ends, class: "chart-interval" }));
  }
  const line = points.map(({ index, value }) => `${x(index)},${y(value)}`).join(" ");
  chart.append(draw("polyline", { points: line, class: "chart-curve" }));
  const dots = points.map(({ index, value }) =>
    draw("circle", { cx: x(index), cy: y(value), r: 3.5, class: "chart-dot" })
  );
  chart.append(...dots);
  const said = make("p", { class: "chart-said quiet", "aria-live": "polite" }, "Point at a day.");
  let at = points.length;
  /** @param {number} to */
  const show = (to) => {
    if (points.length === 0) return;
    dots[at]?.classList.remove("chosen");
    at = Math.min(Math.max(to, 0), points.length - 1);
    dots[at].classList.add("chosen");
    const { day, value, estimate } = points[at];
    said.textContent = `${day}: ${valueText(value, unit)} (${intervalText(estimate, unit)})`;
  };
  chart.addEventListener("keydown", (event) => {
    const { key } = /** @type {KeyboardEvent} */ (event);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: points.length - 1 }[key];
    if (to === undefined) return;
    event.preventDefault();
    show(at === points.length ? points.length - 1 : to);
  });
  chart.addEventListener("pointermove", (event) => {
    const { clientX } = /** @type {PointerEvent} */ (event);
    const box = chart.getBoundingClientRect();
    const pointed = ((clientX - box.left) / box.width * WIDTH - LEFT) / step;
    const gaps = points.map(({ index }) => Math.abs(index - pointed));
    show(gaps.indexOf(Math.min(...gaps)));
  });
  return make("figure", { class: "insight-drawing" }, make("figcaption", null, words), chart, said);
}

/**
 * The top of the scale: all of a share's or a rating's, else a round figure.
 *
 * @param {number[]} values
 * @param {string} unit
 */
function mostOf(values, unit) {
  if (unit === "share") return 1;
  if (unit === "rating") return 5;
  const highest = Math.max(...values, unit === "contacts" ? 4 : 60);
  const size = 10 ** Math.floor(Math.log10(highest));
  return Math.ceil(highest / size) * size;
}
