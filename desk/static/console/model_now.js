// @ts-check
/** `<model-now>`: the live model, and the training of the next; fires `train`, `stop` (detail = the model), `roll-back`, `reload`. */

import { fill, make } from "../staff/element.js";
import { exactTime } from "../staff/moments.js";
import { elapsed, figuresOf, lessonWords, liveFor } from "./model_words.js";

/** @typedef {import("./model_book.js").Model} Model */
/** @typedef {import("./model_book.js").ModelBook} ModelBook */

const TICK_MS = 1_000;

export class ModelNow extends HTMLElement {
  #state = make("div", { class: "models-state", role: "status" });
  #live = make("section", { class: "model-live", "aria-labelledby": "live-title" });
  #next = make("section", { class: "model-next", "aria-labelledby": "next-title" });
  #train = make("button", { type: "button", class: "button primary model-train" });
  #back = make("button", { type: "button", class: "button" }, "Roll back");
  #stop = make("button", { type: "button", class: "button" }, "Stop");
  #bar = make("progress", { max: "1", "aria-labelledby": "next-title" });
  #step = make("p", { class: "model-step" });
  #time = make("span", { class: "quiet model-time" });
  #said = make("p", { class: "visually-hidden", role: "status" });
  /** @type {Model|null} */
  #training = null;
  #print = "";

  connectedCallback() {
    this.append(this.#state, this.#live, this.#next, this.#said);
    this.#train.append("Train a candidate");
    this.#train.addEventListener("click", () => this.dispatchEvent(new Event("train")));
    this.#back.addEventListener("click", () => this.dispatchEvent(new Event("roll-back")));
    this.#stop.addEventListener("click", () => {
      this.dispatchEvent(new CustomEvent("stop", { detail: this.#training }));
    });
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** @param {ModelBook} book */
  show({ live, training, lessons, ready, problem }) {
    this.#training = training;
    this.#live.hidden = this.#next.hidden = !ready;
    this.#state.hidden = ready && problem === null;
    if (problem !== null) {
      const again = () => this.dispatchEvent(new Event("reload"));
      fill(
        this.#state,
        make("p", { class: "bad" }, problem),
        make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      );
    } else if (!ready) {
      fill(this.#state, make("p", { class: "quiet" }, "Loading…"));
    }
    // Built anew only when it says something else: whoever is on a button stays on it.
    const print = JSON.stringify([live, training?.id, lessons]);
    if (ready && print !== this.#print) {
      this.#print = print;
      this.#showLive(live);
      this.#showNext(training, lessons);
    }
    if (training) this.#showProgress(training);
  }

  /** @param {Model|null} live */
  #showLive(live) {
    if (!live) {
      fill(
        this.#live,
        make("h2", { id: "live-title" }, "Live model"),
        make("p", { class: "quiet" }, "No model has been registered as live yet."),
      );
      return;
    }
    const since = live.promoted_at ?? live.started_at;
    const by = live.promoted_by ? ` by ${live.promoted_by.name}` : "";
    fill(
      this.#live,
      make("h2", { id: "live-title" }, "Live model"),
      make("p", { class: "model-name" }, make("bdi", null, live.id)),
      make(
        "p",
        { class: "quiet" },
        "Live ",
        make(
          "time",
          { datetime: since, title: exactTime(since) },
          liveFor(since, new Date()),
        ),
        by,
      ),
      live.reason && make("p", { class: "model-reason" }, `“${live.reason}”`),
      live.error && make("p", { class: "bad" }, live.error),
      live.recalled_at &&
        make(
          "p",
          { class: "bad" },
          "To be replaced because of an erasure: it learnt from messages that are erased now. A " +
            "candidate is trained from what is left; promote it.",
        ),
      figures(live),
      live.previous && make("p", { class: "model-back" }, this.#back),
    );
  }

  /**
   * @param {Model|null} training
   * @param {import("./model_book.js").Lessons|null} lessons
   */
  #showNext(training, lessons) {
    const had = this.#next.contains(document.activeElement);
    if (training) {
      fill(
        this.#next,
        make("h2", { id: "next-title" }, "Training a candidate"),
        make("p", { class: "model-name" }, make("bdi", null, training.id)),
        this.#bar,
        make("div", { class: "model-progress" }, this.#step, this.#time, this.#stop),
        make(
          "p",
          { class: "quiet" },
          "Customers are answered by the live model meanwhile. You may leave this page.",
        ),
      );
      if (had) this.#stop.focus();
      return;
    }
    this.#train.disabled = !lessons?.taught;
    fill(
      this.#next,
      make("h2", { id: "next-title" }, "Next model"),
      make("p", null, lessons ? lessonWords(lessons) : ""),
      make("p", null, this.#train),
      make(
        "p",
        { class: "quiet" },
        "It takes about a minute. A candidate answers nobody until it is promoted.",
      ),
    );
    if (had) this.#train.focus();
  }

  /** @param {Model} training */
  #showProgress({ step, share }) {
    this.#bar.value = share ?? 0;
    const words = step ?? "";
    if (this.#step.textContent !== words) this.#step.textContent = words;
    const stage = words.split(":")[0];
    if (this.#said.textContent !== stage) this.#said.textContent = stage;
    this.#tick();
  }

  #tick() {
    if (this.#training) this.#time.textContent = elapsed(this.#training.started_at, new Date());
  }
}

/** @param {Model} model */
export function figures(model) {
  const found = figuresOf(model);
  if (found.length === 0) return null;
  return make(
    "dl",
    { class: "model-figures" },
    ...found.map(([name, figure]) =>
      make("div", null, make("dt", null, name), make("dd", null, figure))
    ),
  );
}

customElements.define("model-now", ModelNow);
