// @ts-check
/** `<filter-bar>`: what the log is narrowed to; fires `change-filters` (detail = the filters). */

import { channelName } from "../shared/channels.js";
import { fill, make } from "../staff/element.js";
import { intentName, outcomeName, reasonName } from "../staff/words.js";
import { isFiltered, readFilters } from "./filters.js";

/** @typedef {import("../staff/types.js").Facets} Facets */
/** @typedef {import("../staff/types.js").FacetValue} FacetValue */
/** @typedef {import("./filters.js").Filters} Filters */

const TYPING_PAUSE_MS = 300;

export class FilterBar extends HTMLElement {
  /** @type {Filters|null} */
  #filters = null;
  #outcomes = make("div", { class: "outcomes", role: "group", "aria-label": "Outcome" });
  #q = make("input", { type: "search", id: "filter-q", placeholder: "Search in the text" });
  #intent = make("select", { id: "filter-intent" });
  #reason = make("select", { id: "filter-reason" });
  #channel = make("select", { id: "filter-channel" });
  #labelled = make(
    "select",
    { id: "filter-labelled" },
    make("option", { value: "" }, "Labelled or not"),
    make("option", { value: "yes" }, "Labelled"),
    make("option", { value: "no" }, "Not labelled"),
  );
  #from = percentField("Confidence from, percent");
  #to = percentField("Confidence to, percent");
  #since = make("input", { type: "date", "aria-label": "From day" });
  #until = make("input", { type: "date", "aria-label": "To day" });
  #clear = make("button", { type: "button", class: "link", hidden: true }, "Clear filters");
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  connectedCallback() {
    const more = make(
      "details",
      { class: "filter-more" },
      make("summary", null, "Filters"),
      make(
        "div",
        { class: "filter-fields" },
        field("Intent", this.#intent),
        field("Reason", this.#reason),
        field("Channel", this.#channel),
        field("Label", this.#labelled),
        pair("Confidence %", this.#from, this.#to),
        pair("Days", this.#since, this.#until),
      ),
    );
    // Folded on a phone, where they would push the log off the screen.
    more.open = matchMedia("(min-width: 720px)").matches;
    const search = make(
      "div",
      { class: "filter-top" },
      make("label", { for: "filter-q", class: "visually-hidden" }, "Search in the text"),
      this.#q,
      this.#outcomes,
      this.#clear,
    );
    this.append(search, more);
    this.addEventListener("input", (event) => {
      if (event.target instanceof HTMLSelectElement) return this.#tell(this.#entered());
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#tell(this.#entered()), TYPING_PAUSE_MS);
    });
    this.#clear.addEventListener("click", () => {
      this.#tell(readFilters(""));
      this.#q.focus();
    });
  }

  /**
   * @param {Filters} filters
   * @param {Facets|null} facets
   */
  show(filters, facets) {
    // What is entered and not told yet stays, whatever is shown meanwhile.
    if (this.#timer !== undefined) filters = this.#entered();
    this.#filters = filters;
    options(this.#intent, "Any intent", filters.intent, facets?.intents ?? [], intentName);
    options(this.#reason, "Any reason", filters.reason, facets?.reasons ?? [], reasonName);
    options(this.#channel, "Any channel", filters.channel, facets?.channels ?? [], channelName);
    this.#showOutcomes(filters.outcome, facets?.outcomes ?? []);
    /** @type {[HTMLInputElement, string][]} */
    const fields = [
      [this.#q, filters.q],
      [this.#from, filters.from],
      [this.#to, filters.to],
      [this.#since, filters.since],
      [this.#until, filters.until],
    ];
    this.#labelled.value = filters.labelled;
    for (const [input, value] of fields) if (input.value !== value) input.value = value;
    this.#clear.hidden = !isFiltered(filters);
  }

  /**
   * @param {string} chosen
   * @param {FacetValue[]} values
   */
  #showOutcomes(chosen, values) {
    const had = this.#outcomes.contains(document.activeElement);
    const known = values.some((one) => one.value === chosen) || chosen === "";
    const all = known ? values : [...values, { value: chosen, count: 0 }];
    fill(
      this.#outcomes,
      ...all.map(({ value, count }) => {
        const pressed = value === chosen;
        const choose = () => this.#tell({ ...this.#entered(), outcome: pressed ? "" : value });
        return make(
          "button",
          { type: "button", class: "pill", "aria-pressed": String(pressed), onclick: choose },
          outcomeName(value),
          make("span", null, ` ${count}`),
        );
      }),
    );
    const now = this.#outcomes.querySelector('[aria-pressed="true"]') ??
      this.#outcomes.firstElementChild;
    if (had && now instanceof HTMLElement) now.focus();
  }

  /** @returns {Filters} */
  #entered() {
    return {
      q: this.#q.value,
      intent: this.#intent.value,
      outcome: this.#filters?.outcome ?? "",
      reason: this.#reason.value,
      channel: this.#channel.value,
      labelled: this.#labelled.value,
      from: this.#from.validity.valid ? this.#from.value : "",
      to: this.#to.validity.valid ? this.#to.value : "",
      since: this.#since.value,
      until: this.#until.value,
    };
  }

  /** @param {Filters} filters */
  #tell(filters) {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.dispatchEvent(new CustomEvent("change-filters", { detail: filters }));
  }
}

/** @param {string} label */
function percentField(label) {
  return make("input", { type: "number", min: "0", max: "100", step: "any", "aria-label": label });
}

/**
 * @param {string} label
 * @param {HTMLSelectElement} control
 */
function field(label, control) {
  return make("label", { class: "filter-field" }, make("span", null, label), control);
}

/**
 * @param {string} label
 * @param {HTMLInputElement} from
 * @param {HTMLInputElement} to
 */
function pair(label, from, to) {
  const dash = make("span", { "aria-hidden": "true" }, "–");
  return make(
    "div",
    { class: "filter-field", role: "group", "aria-label": label },
    make("span", null, label),
    make("div", { class: "filter-pair" }, from, dash, to),
  );
}

/**
 * @param {HTMLSelectElement} select
 * @param {string} any
 * @param {string} chosen
 * @param {FacetValue[]} values
 * @param {(code: string) => string} name
 */
function options(select, any, chosen, values, name) {
  const known = chosen === "" || values.some((one) => one.value === chosen);
  const all = known ? values : [...values, { value: chosen, count: 0 }];
  fill(
    select,
    make("option", { value: "" }, any),
    ...all.map(({ value, count }) => make("option", { value }, `${name(value)} (${count})`)),
  );
  select.value = chosen;
}

customElements.define("filter-bar", FilterBar);
