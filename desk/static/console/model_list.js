// @ts-check
/** `<model-list>`: every model, newest first, each with how it compared; fires `promote` (detail = the model), `more`. */

import { placeInOrder } from "../shared/keyed.js";
import { get, inWords } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { exactTime, stamp } from "../staff/moments.js";
import { figures } from "./model_now.js";
import { gateWords, mayPromote, STATES } from "./model_words.js";

/** @typedef {import("./model_book.js").Model} Model */
/** @typedef {import("./model_book.js").ModelBook} ModelBook */

export class ModelList extends HTMLElement {
  #heading = make("h2", { class: "models-head" }, "All models");
  #list = make("ul", { class: "models", "aria-label": "Models, newest first" });
  #more = make("button", { type: "button", class: "button", hidden: true }, "Load more");
  /** @type {Map<string, {print: string, row: HTMLLIElement, report: HTMLElement}>} */
  #rows = new Map();

  connectedCallback() {
    this.append(this.#heading, this.#list, this.#more);
    this.#more.addEventListener("click", () => this.dispatchEvent(new Event("more")));
  }

  /** @param {ModelBook} book */
  show({ items, next, ready }) {
    this.hidden = !ready || items.length === 0;
    placeInOrder(this.#list, items.map((model) => this.#row(model)));
    const shown = new Set(items.map((model) => model.id));
    for (const id of this.#rows.keys()) if (!shown.has(id)) this.#rows.delete(id);
    this.#more.hidden = !next;
  }

  /** @param {Model} model */
  #row(model) {
    // A training's progress is shown above, and would build its row anew every second.
    const print = JSON.stringify({ ...model, step: null, share: null });
    const known = this.#rows.get(model.id);
    if (known?.print === print) return known.row;
    const row = known?.row ?? make("li", { class: "model" });
    const report = known?.report ?? make("div", { class: "model-report", hidden: true });
    fill(row, ...this.#content(model, report));
    this.#rows.set(model.id, { print, row, report });
    return row;
  }

  /**
   * @param {Model} model
   * @param {HTMLElement} report
   */
  #content(model, report) {
    const nameId = `name-of-${model.id}`;
    const state = make("span", { class: "badge model-state" }, STATES[model.state]);
    state.dataset.state = model.state;
    const by = model.started_by ? ` by ${model.started_by.name}` : "";
    const about = { type: "button", class: "button", "aria-describedby": nameId };
    const compared = model.gate_passed !== null;
    const open = make(
      "button",
      { ...about, "aria-expanded": String(!report.hidden) },
      "Comparison",
    );
    open.addEventListener("click", () => this.#toggle(model, open, report));
    const promote = make("button", {
      ...about,
      class: model.state === "candidate" && model.gate_passed ? "button primary" : "button",
      onclick: () => this.dispatchEvent(new CustomEvent("promote", { detail: model })),
    }, mayPromote(model) === "yes" ? "Promote" : "Promote anyway…");
    return [
      make(
        "div",
        { class: "model-head" },
        state,
        make("b", { id: nameId }, make("bdi", null, model.id)),
        make(
          "span",
          { class: "quiet" },
          make(
            "time",
            { datetime: model.started_at, title: exactTime(model.started_at) },
            stamp(model.started_at, new Date()),
          ),
          by,
        ),
        compared && gate(model),
      ),
      model.error && make("p", { class: "bad model-error" }, model.error),
      model.recalled_at && model.state !== "live" &&
      make("p", { class: "quiet" }, "Recalled: it learnt from messages that were erased."),
      figures(model),
      make(
        "div",
        { class: "model-buttons" },
        mayPromote(model) !== "no" && promote,
        compared && open,
      ),
      report,
    ];
  }

  /**
   * @param {Model} model
   * @param {HTMLElement} open
   * @param {HTMLElement} report
   */
  async #toggle(model, open, report) {
    report.hidden = !report.hidden;
    open.setAttribute("aria-expanded", String(!report.hidden));
    if (report.hidden) return;
    if (!report.firstElementChild) fill(report, make("p", { class: "quiet" }, "Loading…"));
    try {
      const [{ ComparisonReport }, found] = await Promise.all([
        import("./comparison_report.js"),
        get(`models/${encodeURIComponent(model.id)}`),
      ]);
      const shown = new ComparisonReport();
      fill(report, shown);
      shown.show(found.report);
    } catch (error) {
      fill(report, make("p", { class: "bad", role: "alert" }, inWords(error)));
    }
  }
}

/** @param {Model} model */
function gate(model) {
  const badge = make("span", { class: "badge model-gate" }, gateWords(model));
  badge.dataset.passed = String(model.gate_passed);
  return badge;
}

customElements.define("model-list", ModelList);
