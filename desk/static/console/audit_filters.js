// @ts-check
/** `<audit-filters>`: what the audit log is narrowed to, and what is shown as a file; fires `change-filters` (detail = the filters). */

import { fill, make } from "../staff/element.js";
import { actionName, grouped, queryOf, readFilters } from "./audit_words.js";

/** @typedef {import("./audit_words.js").AuditFilters} AuditFilters */
/** @typedef {{id: string, name: string}} Person */

export class AuditFilterBar extends HTMLElement {
  #by = make("select", null);
  #action = make("select", null);
  #conversation = make("input", { type: "search", placeholder: "Its id", size: 14 });
  #since = make("input", { type: "date", "aria-label": "From day" });
  #until = make("input", { type: "date", "aria-label": "To day" });
  #clear = make("button", { type: "button", class: "link", hidden: true }, "Clear filters");
  #csv = make("a", { class: "button", download: "" }, "Download CSV");
  #jsonl = make("a", { class: "button", download: "" }, "Download JSONL");

  connectedCallback() {
    const dash = make("span", { "aria-hidden": "true" }, "–");
    const days = make("div", { class: "filter-pair" }, this.#since, dash, this.#until);
    this.append(
      make(
        "div",
        { class: "filter-fields" },
        field("Who", this.#by),
        field("What", this.#action),
        field("Conversation", this.#conversation),
        make(
          "div",
          { class: "filter-field", role: "group", "aria-label": "Days" },
          make("span", null, "Days"),
          days,
        ),
      ),
      make("div", { class: "audit-tools" }, this.#csv, this.#jsonl, this.#clear),
    );
    this.addEventListener("change", () => this.#tell(this.#entered()));
    this.#clear.addEventListener("click", () => {
      this.#tell(readFilters(""));
      this.#by.focus();
    });
  }

  /**
   * @param {AuditFilters} filters
   * @param {{people: readonly Person[], actions: readonly string[]}} choices
   */
  show(filters, { people, actions }) {
    fill(
      this.#by,
      make("option", { value: "" }, "Anybody"),
      make("option", { value: "bot" }, "Warmline"),
      make("option", { value: "operator" }, "The command line"),
      ...people.map(({ id, name }) => make("option", { value: id }, name)),
    );
    fill(
      this.#action,
      make("option", { value: "" }, "Anything"),
      ...grouped(actions).map(({ kind, actions: of }) =>
        make(
          "optgroup",
          { label: actionName(kind) },
          of.length > 1 && make("option", { value: kind }, `${actionName(kind)}: all`),
          ...of.map((action) => make("option", { value: action }, actionName(action))),
        )
      ),
    );
    choose(this.#by, filters.by);
    choose(this.#action, filters.action);
    /** @type {[HTMLInputElement, string][]} */
    const fields = [
      [this.#conversation, filters.conversation],
      [this.#since, filters.since],
      [this.#until, filters.until],
    ];
    for (const [input, value] of fields) {
      if (input.value !== value && document.activeElement !== input) input.value = value;
    }
    const query = queryOf(filters).toString();
    this.#clear.hidden = query === "";
    this.#csv.href = `/api/v1/audit/export.csv${query && `?${query}`}`;
    this.#jsonl.href = `/api/v1/audit/export.jsonl${query && `?${query}`}`;
  }

  /** @returns {AuditFilters} */
  #entered() {
    return {
      by: this.#by.value,
      action: this.#action.value,
      conversation: this.#conversation.value,
      since: this.#since.value,
      until: this.#until.value,
    };
  }

  /** @param {AuditFilters} filters */
  #tell(filters) {
    this.dispatchEvent(new CustomEvent("change-filters", { detail: filters }));
  }
}

/**
 * What the address asks for stays chosen, also where nothing has it yet.
 *
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(make("option", { value }, value));
  }
  select.value = value;
}

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
function field(label, control) {
  return make("label", { class: "filter-field" }, make("span", null, label), control);
}

customElements.define("audit-filters", AuditFilterBar);
