// @ts-check
/** `<queue-board>`: who waits in which queue, and whether the promises hold. */

import { fill, make } from "../staff/element.js";
import { promise, staffed } from "./team_words.js";

/** @typedef {import("./team_words.js").QueueLine} QueueLine */

export class QueueBoard extends HTMLElement {
  #list = make("ul", { class: "queues", "aria-label": "Queues" });
  #print = "";

  connectedCallback() {
    this.append(make("h2", { class: "team-head" }, "Waiting"), this.#list);
  }

  /** @param {readonly QueueLine[]} queues */
  show(queues) {
    const print = JSON.stringify(queues);
    if (print === this.#print) return;
    this.#print = print;
    fill(this.#list, ...queues.map(card));
  }
}

/** @param {QueueLine} queue */
function card(queue) {
  const { level, words } = promise(queue);
  return make(
    "li",
    { class: "queue" },
    make("span", { class: "queue-name" }, make("bdi", null, queue.name)),
    make("b", { class: "queue-waiting" }, queue.waiting),
    make("span", { class: "badge due", "data-level": level }, words),
    make("span", { class: queue.open && queue.serving === 0 ? "bad" : "quiet" }, staffed(queue)),
    queue.skills.length > 0
      ? make("span", { class: "quiet" }, "Needs ", make("bdi", null, queue.skills.join(", ")))
      : null,
  );
}

customElements.define("queue-board", QueueBoard);
