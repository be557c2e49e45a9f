// @ts-check
/** One group of messages: what it is about, its messages to tick, and what a lead can make of it. */

import { inWords } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { readMessages } from "./clusters.js";
import { counted, nearestWords, sizeWords, trendWords } from "./discover_words.js";
import { sparkline } from "./sparkline.js";

/** @typedef {import("./clusters.js").Cluster} Cluster */
/** @typedef {import("./clusters.js").ClusterMessage} ClusterMessage */
/** @typedef {"intent"|"label"|"foreign"|"dismiss"} Decision */

export class ClusterCard {
  row = make("li", { class: "cluster" });
  #print = "";
  /** @type {ClusterMessage[]|null} all of them, once asked for */
  #all = null;
  /** @type {Set<string>} */
  #unticked = new Set();
  #decide;

  /** @param {(detail: {cluster: Cluster, decision: Decision, unticked: ReadonlySet<string>}) => void} decide */
  constructor(decide) {
    this.#decide = decide;
  }

  /** @param {Cluster} cluster */
  show(cluster) {
    const print = JSON.stringify(cluster);
    if (print === this.#print) return;
    this.#print = print;
    this.#build(cluster);
  }

  /** @param {Cluster} cluster */
  #build(cluster) {
    const title = `cluster-${cluster.id}`;
    /** @param {Decision} decision @param {string} words @param {string} [kind] */
    const button = (decision, words, kind = "") =>
      make("button", {
        type: "button",
        class: `button ${kind}`,
        "aria-describedby": title,
        onclick: () => this.#decide({ cluster, decision, unticked: this.#unticked }),
      }, words);
    const nearest = nearestWords(cluster);
    const messages = make("ul", { class: "cluster-messages" });
    const more = make("button", { type: "button", class: "link" });
    const problem = make("p", { class: "bad", role: "alert" });
    const draw = () => {
      const shown = this.#all ?? cluster.examples;
      fill(messages, ...shown.map((message) => this.#message(message)));
      more.hidden = this.#all !== null || cluster.texts <= cluster.examples.length;
      more.textContent = `Show all ${counted(cluster.texts, "wording")}`;
    };
    more.addEventListener("click", async () => {
      try {
        this.#all = await readMessages(cluster.id);
        draw();
        messages.querySelector("input")?.focus();
      } catch (error) {
        fill(problem, inWords(error));
      }
    });
    draw();
    fill(
      this.row,
      make(
        "div",
        { class: "cluster-head" },
        make("h2", { id: title }, cluster.name),
        make("span", { class: "quiet" }, sizeWords(cluster)),
        sparkline(cluster.trend, trendWords(cluster)),
      ),
      make(
        "p",
        { class: "cluster-facts" },
        ...cluster.keywords.map((word) => make("span", { class: "cluster-word" }, word)),
        nearest && make("span", { class: "quiet" }, `Nearest: ${nearest}`),
      ),
      messages,
      more,
      problem,
      make(
        "div",
        { class: "cluster-buttons" },
        button("intent", "Make it an intent", "primary"),
        button("label", "Label as…"),
        button("foreign", "Out of scope"),
        button("dismiss", "Dismiss", "quiet-button"),
      ),
    );
  }

  /** @param {ClusterMessage} message */
  #message(message) {
    const tick = make("input", {
      type: "checkbox",
      checked: !this.#unticked.has(message.turn_id),
      onchange: () => {
        if (tick.checked) this.#unticked.delete(message.turn_id);
        else this.#unticked.add(message.turn_id);
      },
    });
    const query = new URLSearchParams({ turn: message.turn_id, c: message.conversation_id });
    const copies = message.turn_ids.length;
    return make(
      "li",
      null,
      make(
        "label",
        null,
        tick,
        make("bdi", null, message.text),
        copies > 1 && make("span", { class: "quiet" }, ` × ${copies}`),
      ),
      make("a", {
        href: `/console/turns?${query}`,
        "aria-label": `Open the conversation: ${message.text.slice(0, 80)}`,
      }, "Open"),
    );
  }
}
