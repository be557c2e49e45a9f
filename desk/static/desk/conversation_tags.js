// @ts-check
/** `<conversation-tags>`: a conversation's tags, each to search for or to take off, and a field that adds one. */

import { get, inWords, put, remove } from "../staff/api.js";
import { fill, make } from "../staff/element.js";

const LONGEST = 40;

/** Fires `tagged` (detail = {id, tags}) and `search-tag` (detail = the tag). */
export class ConversationTags extends HTMLElement {
  #chips = make("ul", { class: "tags", "aria-labelledby": "tags-title" });
  #field = make("input", {
    "aria-label": "Add a tag",
    "aria-describedby": "tags-problem",
    "aria-keyshortcuts": "Alt+T",
    placeholder: "Add a tag",
    list: "known-tags",
    autocomplete: "off",
    maxlength: LONGEST,
  });
  #known = make("datalist", { id: "known-tags" });
  #problem = make("p", { class: "bad", id: "tags-problem", role: "status" });
  /** @type {string|null} */
  #id = null;
  /** @type {string[]} */
  #tags = [];
  /** One change after the other: answers that overtook each other would show what was. */
  #changed = Promise.resolve();

  connectedCallback() {
    this.append(
      make("h3", { id: "tags-title" }, "Tags"),
      this.#chips,
      this.#field,
      this.#known,
      this.#problem,
    );
    this.#field.addEventListener("focus", () => this.#suggest());
    this.#field.addEventListener("keydown", (event) => {
      if (event.isComposing || this.#field.value === "") return;
      if (event.key === "Enter") this.#add();
      else if (event.key === "Escape") this.#field.value = "";
      else return;
      event.preventDefault();
    });
  }

  takeFocus() {
    this.#field.focus();
  }

  /** @param {{id: string, tags: string[]}|null} conversation */
  show(conversation) {
    this.hidden = conversation === null;
    if (conversation?.id !== this.#id) {
      this.#field.value = "";
      this.#say("");
    }
    this.#id = conversation?.id ?? null;
    const tags = conversation?.tags ?? [];
    if (JSON.stringify(tags) === JSON.stringify(this.#tags)) return;
    this.#tags = tags;
    const at = [...this.#chips.children].findIndex((one) => one.contains(document.activeElement));
    fill(this.#chips, ...tags.map((tag) => this.#chip(tag)));
    // The keyboard goes on where the chip was that it was on.
    if (at !== -1) (this.#takeOffs()[Math.min(at, tags.length - 1)] ?? this.#field).focus();
  }

  /** @param {string} tag */
  #chip(tag) {
    const search = () => this.dispatchEvent(new CustomEvent("search-tag", { detail: tag }));
    const attributes = { type: "button", class: "tag-name", title: `Search for ${tag}` };
    return make(
      "li",
      { class: "tag" },
      make("button", { ...attributes, onclick: search }, tag),
      make(
        "button",
        {
          type: "button",
          class: "tag-remove",
          "aria-label": `Remove tag ${tag}`,
          onclick: () => this.#change((path) => remove(path), tag),
        },
        "×",
      ),
    );
  }

  /** @returns {HTMLElement[]} */
  #takeOffs() {
    return [...this.#chips.querySelectorAll(".tag-remove")].filter((one) =>
      one instanceof HTMLElement
    );
  }

  async #add() {
    const typed = this.#field.value.trim();
    if (typed === "") return;
    const id = this.#id;
    this.#field.value = "";
    const done = await this.#change((path) => put(path, {}), typed);
    if (!done && this.#id === id && this.#field.value === "") this.#field.value = typed;
  }

  /**
   * @param {(path: string) => Promise<{tags: string[]}>} request
   * @param {string} tag
   * @returns {Promise<boolean>} whether it was done
   */
  #change(request, tag) {
    const id = this.#id ?? "";
    const change = async () => {
      let problem = "";
      try {
        const path = `conversations/${encodeURIComponent(id)}/tags/${encodeURIComponent(tag)}`;
        const { tags } = await request(path);
        this.dispatchEvent(new CustomEvent("tagged", { detail: { id, tags } }));
      } catch (error) {
        problem = inWords(error);
      }
      if (this.#id === id) this.#say(problem);
      return problem === "";
    };
    const changed = this.#changed.then(change);
    this.#changed = changed.then(() => {});
    return changed;
  }

  /** Without suggestions a tag can still be typed. */
  async #suggest() {
    try {
      /** @type {import("../staff/types.js").Page<{name: string, open: number}>} */
      const { items } = await get("tags?limit=200");
      const others = items.filter(({ name }) => !this.#tags.includes(name));
      fill(this.#known, ...others.map(({ name }) => make("option", { value: name })));
    } catch {
      fill(this.#known);
    }
  }

  /** @param {string} words */
  #say(words) {
    this.#problem.textContent = words;
    if (words) this.#field.setAttribute("aria-invalid", "true");
    else this.#field.removeAttribute("aria-invalid");
  }
}

customElements.define("conversation-tags", ConversationTags);
