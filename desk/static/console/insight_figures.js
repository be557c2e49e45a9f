// @ts-check
/** `<insight-figures>`: all figures as buttons, those that matter first; fires `choose` with one's name. */

import { fill, make } from "../staff/element.js";
import { changeOf, intervalText, valueText } from "./insight_words.js";

/** @typedef {import("./insight_words.js").Figure} Figure */
/** @typedef {import("./insight_words.js").Definition} Definition */

const FIRST = ["containment", "confirmed", "assumed", "came_back", "handoff", "wait"];

export class InsightFigures extends HTMLElement {
  /**
   * @param {readonly Figure[]} figures
   * @param {ReadonlyMap<string, Definition>} definitions
   * @param {string} chosen
   */
  show(figures, definitions, chosen) {
    const focused = this.querySelector(":focus")?.getAttribute("data-figure");
    /** @param {boolean} isFirst */
    const tiles = (isFirst) =>
      figures.filter(({ name }) => FIRST.includes(name) === isFirst).map((figure) =>
        this.#tile(figure, definitions.get(figure.name), figure.name === chosen)
      );
    fill(
      this,
      make("h2", null, "What matters first"),
      make("div", { class: "insight-tiles" }, ...tiles(true)),
      make("h2", null, "More figures"),
      make("div", { class: "insight-tiles small" }, ...tiles(false)),
    );
    const again = focused && this.querySelector(`[data-figure="${focused}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /**
   * @param {Figure} figure
   * @param {Definition|undefined} definition
   * @param {boolean} isChosen
   */
  #tile(figure, definition, isChosen) {
    if (!definition) return null;
    const { words, tone } = changeOf(figure, definition);
    const choose = () => this.dispatchEvent(new CustomEvent("choose", { detail: figure.name }));
    return make(
      "button",
      {
        type: "button",
        class: "insight-tile",
        "data-figure": figure.name,
        "aria-pressed": String(isChosen),
        onclick: choose,
      },
      make("span", { class: "tile-name" }, definition.title),
      make("b", null, valueText(figure.value, definition.unit)),
      make("span", { class: "quiet" }, intervalText(figure, definition.unit)),
      make("span", { class: `tile-change ${tone}` }, words),
    );
  }
}

customElements.define("insight-figures", InsightFigures);
