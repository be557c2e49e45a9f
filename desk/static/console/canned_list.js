// @ts-check
/** `<canned-list>`: the answers that are written once for all agents; fires `create`, `edit` and `end` (detail = the reply) and `reload`. */

import { fill, make } from "../staff/element.js";
import { matching } from "../desk/canned.js";
import { placeInOrder } from "../shared/keyed.js";
import { wordsOf } from "./canned_words.js";

/** @typedef {import("../staff/types.js").CannedReply} CannedReply */

export class CannedList extends HTMLElement {
  #filter = make("input", {
    type: "search",
    id: "canned-filter",
    placeholder: "Words of the name or the text",
    autocomplete: "off",
  });
  #count = make("p", { class: "quiet", role: "status" });
  #state = make("div", { class: "canned-state" });
  #list = make("ul", { class: "canned", "aria-label": "Canned replies" });
  /** @type {readonly CannedReply[]} */
  #items = [];
  #ready = false;
  /** @type {string|null} */
  #problem = null;
  /** @type {Map<string, {print: string, row: HTMLLIElement}>} */
  #rows = new Map();

  connectedCallback() {
    const create = () => this.dispatchEvent(new Event("create"));
    this.append(
      make(
        "div",
        { class: "canned-head" },
        make(
          "div",
          { class: "canned-filter" },
          make("label", { for: "canned-filter" }, "Filter"),
          this.#filter,
        ),
        make("button", { type: "button", class: "button primary", onclick: create }, "New reply"),
      ),
      this.#count,
      this.#state,
      this.#list,
    );
    this.#filter.addEventListener("input", () => this.#draw());
  }

  /** @param {{items: readonly CannedReply[], ready: boolean, problem: string|null}} book */
  show({ items, ready, problem }) {
    this.#items = items;
    this.#ready = ready;
    this.#problem = problem;
    this.#draw();
  }

  /** Puts the focus where one can go on, after the row that had it is gone. */
  takeFocus() {
    this.#filter.focus();
  }

  #draw() {
    const typed = this.#filter.value;
    const found = typed.trim() ? matching(this.#items, typed) : this.#items;
    placeInOrder(this.#list, found.map((reply) => this.#row(reply)));
    const known = new Set(this.#items.map((one) => one.id));
    for (const id of this.#rows.keys()) if (!known.has(id)) this.#rows.delete(id);
    const words = typed.trim() ? `${found.length} of ${this.#items.length}` : "";
    if (this.#count.textContent !== words) this.#count.textContent = words;
    this.#state.hidden = this.#problem === null && found.length > 0;
    if (this.#problem !== null) {
      const again = () => this.dispatchEvent(new Event("reload"));
      fill(
        this.#state,
        make("p", { class: "bad", role: "alert" }, this.#problem),
        make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      );
    } else {
      fill(this.#state, make("p", null, this.#nothing(typed)));
    }
  }

  /** @param {string} typed */
  #nothing(typed) {
    if (!this.#ready) return "Loading…";
    return typed.trim()
      ? "No canned reply has these words."
      : "No canned replies yet. Agents insert one with a slash at the start of a reply.";
  }

  /** @param {CannedReply} reply */
  #row(reply) {
    const print = JSON.stringify(reply);
    const known = this.#rows.get(reply.id);
    if (known?.print === print) return known.row;
    const row = known?.row ?? make("li", { class: "canned-reply" });
    const nameId = `name-of-${reply.id}`;
    /** @param {"edit"|"end"} type @param {string} words */
    const button = (type, words) => {
      const onclick = () => this.dispatchEvent(new CustomEvent(type, { detail: reply }));
      const about = { type: "button", class: "button", "aria-describedby": nameId };
      return make("button", { ...about, onclick }, words);
    };
    fill(
      row,
      make(
        "div",
        { class: "canned-words" },
        make("b", { id: nameId }, make("bdi", null, reply.name)),
        make("p", null, ...wordsOf(reply.text)),
      ),
      make("div", { class: "canned-buttons" }, button("edit", "Edit"), button("end", "Delete")),
    );
    this.#rows.set(reply.id, { print, row });
    return row;
  }
}

customElements.define("canned-list", CannedList);
