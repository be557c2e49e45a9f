// @ts-check
/** A line as small as a word: how many a day. */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 28;

/**
 * @param {number[]} values
 * @param {string} words what it shows
 */
export function sparkline(values, words) {
  const chart = document.createElementNS(SVG, "svg");
  chart.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  chart.setAttribute("class", "sparkline");
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", words);
  const most = Math.max(...values, 1);
  const step = WIDTH / values.length;
  for (const [index, value] of values.entries()) {
    if (value === 0) continue;
    const height = Math.max((value / most) * HEIGHT, 2);
    const bar = document.createElementNS(SVG, "rect");
    bar.setAttribute("x", String(index * step));
    bar.setAttribute("y", String(HEIGHT - height));
    bar.setAttribute("width", String(Math.max(step - 1, 1)));
    bar.setAttribute("height", String(height));
    chart.append(bar);
  }
  return chart;
}
