// @ts-check
/** `<review-card>`: the open message and what can be said of it; fires `label` (detail = the intent or null), `right`, `other`, `undo`, `marked`. */

import { fill, make } from "../staff/element.js";
import { exactTime } from "../staff/moments.js";
import { intentName, outcomeName, reasonName } from "../staff/words.js";
import { EntityMarker } from "./entity_marker.js";
import { afterwards, messages, OUT_OF_SCOPE, readingOf, suggestions } from "./review_words.js";
import { confidenceBar } from "./turn_table.js";

/** @typedef {import("./review_words.js").ReviewItem} ReviewItem */

export class ReviewCard extends HTMLElement {
  #shown = "";
  #turn = "";
  #marker = new EntityMarker();

  connectedCallback() {
    this.#marker.addEventListener("marked", () => this.dispatchEvent(new Event("marked")));
  }

  /** The words of the open message that are marked. */
  get spans() {
    return this.#marker.spans;
  }

  /** To choose words of the message. */
  mark() {
    this.#marker.focusWords();
  }

  /**
   * @param {ReviewItem|null} item
   * @param {object} around
   * @param {number} around.selected how many lines the next label goes to; 0: to this one
   * @param {readonly string[]} around.intents
   * @param {readonly string[]} around.entities
   * @param {string} around.note what else there is to know
   */
  show(item, { selected, intents, entities, note }) {
    // What is being entered stays while the same is shown again.
    const shown = JSON.stringify([item, selected, note, intents.length, entities.length]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.hidden = item === null;
    if (!item) return fill(this);
    const { turn } = item;
    if (turn.id !== this.#turn) this.#marker.show(turn.text, entities);
    this.#turn = turn.id;
    const link = `/console/turns?c=${turn.conversation_id}&turn=${turn.id}`;
    const why = turn.reason
      ? `${outcomeName(turn.outcome)}: ${reasonName(turn.reason)}`
      : outcomeName(turn.outcome);
    fill(
      this,
      this.#marker,
      make("p", { class: "quiet" }, [why, afterwards(item), note].filter(Boolean).join(" · ")),
      ...this.#reach(item, selected),
      make("h2", null, "What is it about?"),
      this.#choices(item),
      this.#actions(item, selected, intents),
      make(
        "p",
        { class: "quiet small" },
        [exactTime(turn.created_at), turn.model && `model ${turn.model}`].filter(Boolean).join(
          " · ",
        ),
        " · ",
        make("a", { href: link }, "Conversation"),
      ),
    );
  }

  /**
   * How many messages the label goes to.
   *
   * @param {ReviewItem} item
   * @param {number} selected
   */
  #reach({ turn_ids: ids, alike }, selected) {
    const many = { class: "review-many" };
    if (selected > 0) {
      return [make("p", many, `${selected} selected: the next label goes to all of them.`)];
    }
    if (ids.length < 2) return [];
    const others = alike.map((text) => make("li", null, text));
    return [
      make("p", many, `The label goes to ${messages(ids.length)} that say the same.`),
      others.length > 0 ? make("ul", { class: "review-alike quiet small" }, ...others) : null,
    ];
  }

  /** @param {ReviewItem} item */
  #choices(item) {
    return make(
      "div",
      { class: "review-choices" },
      ...suggestions(item).map(({ intent, confidence }, index) =>
        make(
          "button",
          { type: "button", class: "review-choice", onclick: () => this.#label(intent) },
          make("kbd", null, index + 1),
          make("span", null, intentName(intent)),
          confidenceBar(confidence),
        )
      ),
    );
  }

  /**
   * @param {ReviewItem} item
   * @param {number} selected
   * @param {readonly string[]} intents
   */
  #actions(item, selected, intents) {
    /** @param {string} key @param {string} words @param {() => void} does */
    const action = (key, words, does) =>
      make(
        "button",
        { type: "button", class: "button", onclick: does },
        make("kbd", null, key),
        words,
      );
    /** @param {string} name */
    const tell = (name) => () => this.dispatchEvent(new Event(name));
    const right = selected > 0 || readingOf(item, intents) !== null;
    return make(
      "div",
      { class: "review-actions" },
      right
        ? action("Enter", selected > 0 ? "Each as read" : "Right as read", tell("right"))
        : null,
      action("/", "Another…", tell("other")),
      action("o", "Out of scope", () => this.#label(OUT_OF_SCOPE)),
      action("s", "Skip", () => this.#label(null)),
      action("u", "Undo", tell("undo")),
    );
  }

  /** @param {string|null} intent */
  #label(intent) {
    this.dispatchEvent(new CustomEvent("label", { detail: intent }));
  }
}

customElements.define("review-card", ReviewCard);
