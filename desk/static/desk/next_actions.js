// @ts-check
/** `<next-actions>`: what the agent can do for the customer with one click; loads and fails apart from everything else. */

import { get, inWords, post } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { openActionDialog } from "./action_dialog.js";

/** @typedef {import("../staff/types.js").ConversationDetail} ConversationDetail */
/** @typedef {import("../staff/types.js").NextAction} NextAction */
/** @typedef {{made: boolean, outcome: string, draft: string|null}} Acted */

const MOST_SHOWN = 5;

/** Fires `acted` (bubbles; detail = {id, title, acted}). */
export class NextActions extends HTMLElement {
  /** @type {string|null} */
  #id = null;
  #key = "";
  /** @type {Map<string, HTMLButtonElement>} by the action's name: each outlives a reload of the list */
  #buttons = new Map();
  /** @type {Map<string, NextAction>} */
  #offered = new Map();
  #summary = make("summary");
  #more = make("details", null, this.#summary);
  #fetching = new AbortController();

  /** @param {ConversationDetail|null} detail of a conversation that is this agent's, else null */
  show(detail) {
    const id = detail?.id ?? null;
    // What was made meanwhile may leave less to be done, or more.
    const key = detail ? JSON.stringify([id, detail.changes, detail.handoff?.wants?.intent]) : "";
    if (key === this.#key) return;
    const another = id !== this.#id;
    this.#id = id;
    this.#key = key;
    this.#fetching.abort();
    if (another) this.#clear();
    if (id) this.#load(id);
  }

  #clear() {
    this.#buttons.clear();
    this.#more.open = false;
    fill(this);
  }

  /** @param {string} id */
  async #load(id) {
    this.#fetching = new AbortController();
    const { signal } = this.#fetching;
    const path = `conversations/${encodeURIComponent(id)}/actions`;
    try {
      const { items, error } = await get(path, { signal });
      if (error) this.#failed(id, error);
      else this.#fill(id, items);
    } catch (error) {
      if (!signal.aborted) this.#failed(id, inWords(error));
    }
  }

  /**
   * @param {string} id
   * @param {string} words
   */
  #failed(id, words) {
    const again = () => this.#load(id);
    this.#withFocus(() =>
      fill(
        this,
        heading(),
        make("p", { class: "bad" }, words),
        make("button", { type: "button", class: "button", onclick: again }, "Ask again"),
      )
    );
  }

  /**
   * @param {string} id
   * @param {NextAction[]} actions
   */
  #fill(id, actions) {
    this.#offered = new Map(actions.map((one) => [one.name, one]));
    const rest = actions.slice(MOST_SHOWN);
    this.#withFocus(() => {
      fill(this.#summary, `More (${rest.length})`);
      fill(this.#more, this.#summary, this.#list(id, rest));
      fill(
        this,
        actions.length > 0 && heading(),
        this.#list(id, actions.slice(0, MOST_SHOWN)),
        rest.length > 0 && this.#more,
      );
    });
  }

  /**
   * Whoever is here with the keyboard stays at the same button, or goes to the first if it is gone.
   *
   * @param {() => void} change
   */
  #withFocus(change) {
    const focused = document.activeElement;
    const isHere = focused instanceof HTMLElement && this.contains(focused);
    change();
    if (!isHere) return;
    focused.focus();
    if (document.activeElement !== focused) this.querySelector("button")?.focus();
  }

  /**
   * @param {string} id
   * @param {NextAction[]} actions
   */
  #list(id, actions) {
    return make(
      "ul",
      { class: "plain next-actions", hidden: actions.length === 0 },
      ...actions.map((one) => make("li", null, this.#button(id, one))),
    );
  }

  /**
   * @param {string} id
   * @param {NextAction} action
   */
  #button(id, { name, title }) {
    const press = () => {
      const action = this.#offered.get(name);
      if (action) this.#open(id, action);
    };
    const button = this.#buttons.get(name) ??
      make("button", { type: "button", class: "button", onclick: press });
    this.#buttons.set(name, button);
    fill(button, `${title}…`);
    return button;
  }

  /**
   * @param {string} id
   * @param {NextAction} action
   */
  #open(id, action) {
    // One id for the dialog: a second press of its button is the same change.
    const once = crypto.randomUUID();
    openActionDialog(action, async (fields, version) => {
      const path = `conversations/${encodeURIComponent(id)}/actions/${
        encodeURIComponent(action.name)
      }`;
      /** @type {Acted} */
      const acted = await post(path, { id: once, version, fields });
      const detail = { id, title: action.title, acted };
      this.dispatchEvent(new CustomEvent("acted", { bubbles: true, detail }));
    });
  }
}

const heading = () => make("h3", null, "You can");

customElements.define("next-actions", NextActions);
