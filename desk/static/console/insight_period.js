// @ts-check
/** `<insight-period>`: which days, and what they are narrowed to; fires `choose` with what changed. */

import { fill, make } from "../staff/element.js";
import { dayCount, DIMENSIONS, lastDays, noneText } from "./insight_words.js";

const PERIODS = [7, 28, 90];

export class InsightPeriod extends HTMLElement {
  #since = make("input", { type: "date", "aria-label": "First day", required: true });
  #until = make("input", { type: "date", "aria-label": "Last day", required: true });
  #quick = make("div", { class: "insight-quick", role: "group", "aria-label": "Period" });
  #narrowed = make("div", { class: "insight-narrowed" });
  #problem = make("p", { class: "bad", role: "alert" });

  connectedCallback() {
    for (const field of [this.#since, this.#until]) {
      field.addEventListener("change", () => this.#custom());
    }
    this.#quick.append(
      ...PERIODS.map((days) =>
        make("button", {
          type: "button",
          class: "button",
          "data-days": days,
          onclick: () => this.#choose(lastDays(days, new Date())),
        }, `${days} days`)
      ),
    );
    const print = make("button", {
      type: "button",
      class: "link",
      onclick: () => globalThis.print(),
    });
    print.textContent = "Print";
    this.append(
      make(
        "div",
        { class: "insight-head" },
        this.#quick,
        make("div", { class: "filter-pair" }, this.#since, "to", this.#until),
        this.#narrowed,
        make("span", { class: "bar-gap" }),
        print,
      ),
      this.#problem,
    );
  }

  /** @param {import("./insight_words.js").Choice} choice */
  show(choice) {
    this.#since.value = choice.since;
    this.#until.value = choice.until;
    const today = new Date().toISOString().slice(0, 10);
    for (const button of this.#quick.querySelectorAll("button")) {
      const is = choice.until === today && dayCount(choice) === Number(button.dataset.days);
      button.setAttribute("aria-pressed", String(is));
    }
    fill(
      this.#narrowed,
      ...DIMENSIONS.filter((name) => choice[name] !== null).map((name) =>
        make("button", {
          type: "button",
          class: "button",
          "aria-label": `Show every ${name} again`,
          onclick: () => this.#choose({ [name]: null }),
        }, `${name}: ${choice[name] || noneText({ name }, name)} ✕`)
      ),
    );
  }

  #custom() {
    const [since, until] = [this.#since.value, this.#until.value];
    this.#problem.textContent = "";
    if (!since || !until) return;
    if (since > until) this.#problem.textContent = "The first day is after the last.";
    else if (dayCount({ since, until }) > 366) {
      this.#problem.textContent = "That is more than 366 days.";
    } else this.#choose({ since, until });
  }

  /** @param {Record<string, string|null>} detail */
  #choose(detail) {
    this.#problem.textContent = "";
    this.dispatchEvent(new CustomEvent("choose", { detail }));
  }
}

customElements.define("insight-period", InsightPeriod);
