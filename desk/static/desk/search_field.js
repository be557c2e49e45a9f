// @ts-check
/** `<search-field>`: fires `search` (detail = the words) after a pause, and `leave` for the list below. */

import { make } from "../staff/element.js";

const PAUSE_MS = 250;
const LONGEST = 200;

export class SearchField extends HTMLElement {
  #field = make("input", {
    type: "search",
    placeholder: "Search",
    "aria-label": "Search the conversations",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    maxlength: LONGEST,
  });
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #pause;

  connectedCallback() {
    this.append(this.#field);
    this.#field.addEventListener("input", () => {
      clearTimeout(this.#pause);
      // Clearing is not waited for: the list is to be back at once.
      if (this.#field.value === "") this.#search();
      else this.#pause = setTimeout(() => this.#search(), PAUSE_MS);
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") this.#search();
      else if (event.key === "Escape") this.#clear();
      else if (event.key !== "ArrowDown") return;
      event.preventDefault();
      if (event.key === "ArrowDown") this.dispatchEvent(new Event("leave"));
    });
  }

  /** @param {string} words */
  searchFor(words) {
    this.#field.value = words;
    this.#search();
  }

  takeFocus() {
    this.#field.focus();
    this.#field.select();
  }

  /** A second Escape, in the empty field, leaves it. */
  #clear() {
    if (this.#field.value === "") this.dispatchEvent(new Event("leave"));
    this.#field.value = "";
    this.#search();
  }

  #search() {
    clearTimeout(this.#pause);
    this.dispatchEvent(new CustomEvent("search", { detail: this.#field.value }));
  }
}

customElements.define("search-field", SearchField);
