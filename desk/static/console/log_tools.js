// @ts-check
/** `<log-tools>`: the views of the log that a lead keeps, and what is shown as a file; fires `change-filters` (detail = the filters). */

import { get, inWords, post, remove } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { addressOf, isFiltered, queryOf, readFilters } from "./filters.js";

/** @typedef {import("./filters.js").Filters} Filters */
/** @typedef {{id: string, name: string, filters: string}} TurnView */

const LONGEST_NAME = 60;

export class LogTools extends HTMLElement {
  #filters = readFilters("");
  #summary = make("summary", { class: "button" }, "Views");
  #list = make("ul", { "aria-label": "Your views" });
  #problem = make("p", { class: "bad", role: "alert", hidden: true });
  #keep = make("button", { type: "button", class: "button" }, "Keep these filters…");
  #menu = make(
    "details",
    { class: "view-menu" },
    this.#summary,
    make("div", { class: "view-list" }, this.#list, this.#problem, this.#keep),
  );
  #csv = make("a", { class: "button", download: "" }, "Download CSV");
  #jsonl = make("a", { class: "button", download: "" }, "Download JSONL");

  connectedCallback() {
    this.append(this.#menu, this.#csv, this.#jsonl);
    this.#menu.addEventListener("toggle", () => {
      if (this.#menu.open) this.#load();
    });
    this.#menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#menu.open) return;
      event.preventDefault();
      this.#close();
    });
    this.#keep.addEventListener("click", () => this.#ask());
    addEventListener("pointerdown", (event) => {
      if (event.target instanceof Node && !this.#menu.contains(event.target)) {
        this.#menu.open = false;
      }
    });
  }

  /** @param {Filters} filters */
  show(filters) {
    this.#filters = filters;
    const query = queryOf(filters).toString();
    const suffix = query && `?${query}`;
    this.#csv.href = `/api/v1/turns/export.csv${suffix}`;
    this.#jsonl.href = `/api/v1/turns/export.jsonl${suffix}`;
    this.#keep.disabled = !isFiltered(filters);
    this.#keep.title = this.#keep.disabled ? "Narrow the log first" : "";
  }

  async #load() {
    await this.#try(async () => {
      /** @type {TurnView[]} */
      const views = (await get("turn-views")).items;
      const none = make("li", { class: "quiet" }, "You keep no view yet.");
      fill(this.#list, ...(views.length > 0 ? views.map((view) => this.#row(view)) : [none]));
    });
  }

  /** @param {TurnView} view */
  #row(view) {
    const go = (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
      event.preventDefault();
      this.#close();
      this.dispatchEvent(
        new CustomEvent("change-filters", { detail: readFilters(`?${view.filters}`) }),
      );
    };
    const drop = () =>
      this.#try(async () => {
        await remove(`turn-views/${encodeURIComponent(view.id)}`);
        await this.#load();
        this.#summary.focus();
      });
    return make(
      "li",
      null,
      make("a", { href: `/console/turns?${view.filters}`, onclick: go }, view.name),
      make(
        "button",
        { type: "button", class: "link", "aria-label": `Delete the view ${view.name}`, onclick: drop },
        "Delete",
      ),
    );
  }

  #ask() {
    const filters = addressOf(this.#filters).toString();
    const name = make("input", { type: "text", required: true, maxlength: LONGEST_NAME });
    openFormDialog({
      title: "Keep these filters",
      confirm: "Keep",
      content: [make("label", { class: "field" }, make("span", null, "Name"), name)],
      submit: async () => {
        await post("turn-views", { name: name.value, filters });
        await this.#load();
      },
    });
    name.focus();
  }

  /** @param {() => Promise<void>} act */
  async #try(act) {
    this.#problem.hidden = true;
    try {
      await act();
    } catch (error) {
      this.#problem.textContent = inWords(error);
      this.#problem.hidden = false;
    }
  }

  #close() {
    this.#menu.open = false;
    this.#summary.focus();
  }
}

customElements.define("log-tools", LogTools);
