// @ts-check
/** `<must-pass-list>`: messages that every candidate has to get right, read, added and removed; `offer(names)` says which intents there are. */

import { get, inWords, post, remove } from "../staff/api.js";
import { fill, make } from "../staff/element.js";

/** @typedef {{id: string, text: string, intent: string, added_by: {name: string}|null}} MustPass */

export class MustPassList extends HTMLElement {
  #text = make("input", {
    name: "text",
    required: true,
    maxlength: 500,
    autocomplete: "off",
    placeholder: "where is my order",
  });
  #intent = make("input", {
    name: "intent",
    required: true,
    maxlength: 200,
    autocomplete: "off",
    list: "must-pass-intents",
    placeholder: "track_order",
  });
  #names = make("datalist", { id: "must-pass-intents" });
  #problem = make("p", { class: "bad", role: "alert" });
  #list = make("ul", { class: "must-pass", "aria-label": "Must-pass examples" });
  #none = make("p", { class: "quiet" }, "None yet. Add what the bot must never get wrong.");

  connectedCallback() {
    const form = make(
      "form",
      { class: "must-pass-form" },
      make("label", null, make("span", null, "A customer's message"), this.#text),
      make("label", null, make("span", null, "Its intent, or out_of_scope"), this.#intent),
      make("button", { class: "button" }, "Add"),
      this.#names,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
    this.append(form, this.#problem, this.#none, this.#list);
    this.load();
  }

  /** @param {readonly string[]} names */
  offer(names) {
    fill(this.#names, ...names.map((value) => make("option", { value })));
  }

  async load() {
    await this.#try(async () => {
      /** @type {MustPass[]} */
      const items = (await get("must-pass")).items;
      this.#none.hidden = items.length > 0;
      fill(this.#list, ...items.map((example) => this.#row(example)));
    });
  }

  async #add() {
    const done = await this.#try(async () => {
      await post("must-pass", { text: this.#text.value, intent: this.#intent.value });
      this.#text.value = this.#intent.value = "";
    });
    if (!done) return;
    await this.load();
    this.#text.focus();
  }

  /** @param {MustPass} example */
  #row(example) {
    const id = `must-pass-${example.id}`;
    const onclick = async () => {
      if (!(await this.#try(() => remove(`must-pass/${example.id}`)))) return;
      await this.load();
      this.#text.focus(); // the button that had it is gone
    };
    const by = example.added_by ? `, added by ${example.added_by.name}` : "";
    return make(
      "li",
      null,
      make(
        "span",
        { id },
        make("bdi", null, example.text),
        make("small", { class: "quiet" }, make("bdi", null, example.intent), by),
      ),
      make(
        "button",
        { type: "button", class: "button", "aria-describedby": id, onclick },
        "Remove",
      ),
    );
  }

  /**
   * Whether it went well; if not, the page says why.
   *
   * @param {() => Promise<unknown>} work
   */
  async #try(work) {
    try {
      await work();
      this.#problem.textContent = "";
      return true;
    } catch (error) {
      this.#problem.textContent = inWords(error);
      return false;
    }
  }
}

customElements.define("must-pass-list", MustPassList);
