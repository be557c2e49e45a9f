// @ts-check
/** `<discovery-state>`: how the search goes, and the button that starts one; fires `search` and `reload`. */

import { fill, make } from "../staff/element.js";
import { stamp } from "../staff/moments.js";
import { emptyWords, stateWords } from "./discover_words.js";

/** @typedef {import("./clusters.js").Discovery} Discovery */

const PERIODS = [7, 30, 90];

export class DiscoveryState extends HTMLElement {
  #period = make(
    "select",
    null,
    ...PERIODS.map((days) =>
      make("option", { value: days, selected: days === 30 }, `Last ${days} days`)
    ),
  );
  #button = make("button", { type: "button", class: "button primary" }, "Look for groups");
  #words = make("p", { class: "quiet discovery-words", role: "status" }, "Loading…");
  #bar = make("progress", { max: "1", "aria-label": "Search", hidden: true });
  #empty = make("div", { class: "discovery-empty" });

  get days() {
    return Number(this.#period.value);
  }

  connectedCallback() {
    this.#button.addEventListener("click", () => this.dispatchEvent(new Event("search")));
    this.append(
      make(
        "div",
        { class: "discovery-head" },
        make("label", { class: "filter-field" }, make("span", null, "Period"), this.#period),
        this.#button,
        this.#words,
      ),
      this.#bar,
      this.#empty,
    );
  }

  /**
   * @param {Discovery|null} discovery
   * @param {string|null} problem
   */
  show(discovery, problem) {
    if (problem !== null || !discovery) {
      const again = () => this.dispatchEvent(new Event("reload"));
      fill(this.#words, make("span", { class: "bad" }, problem));
      fill(
        this.#empty,
        make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      );
      return;
    }
    const running = discovery.state === "running";
    const ended = discovery.finished_at;
    fill(this.#words, stateWords(discovery, ended ? stamp(ended, new Date()) : ""));
    this.#words.classList.toggle("bad", discovery.state === "failed");
    // Not disabled: that would take the focus from who has just pressed it.
    this.#button.setAttribute("aria-disabled", String(running));
    this.#button.textContent = running
      ? "Looking…"
      : discovery.state === "never"
      ? "Look for groups"
      : "Look again";
    this.#bar.hidden = !running;
    this.#bar.value = discovery.progress;
    const empty = emptyWords(discovery);
    fill(
      this.#empty,
      empty && make("p", null, empty[0]),
      empty && make("p", { class: "quiet" }, empty[1]),
    );
  }
}

customElements.define("discovery-state", DiscoveryState);
