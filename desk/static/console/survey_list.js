// @ts-check
/** `<survey-list>`: what customers answered, newest first, each with its conversation; fires `more`. */

import { channelName } from "../shared/channels.js";
import { hashOf } from "../desk/route.js";
import { inWords } from "../desk/survey.js";
import { placeInOrder } from "../shared/keyed.js";
import { make } from "../staff/element.js";
import { dateOf } from "../staff/moments.js";

/** @typedef {import("../staff/types.js").ListedSurvey} ListedSurvey */

export class SurveyList extends HTMLElement {
  #heading = make("h2", { hidden: true }, "Answers");
  #list = make("ul", { class: "plain answers", "aria-label": "Answers" });
  #more = make("button", { type: "button", class: "button", hidden: true }, "Show more");
  /** @type {Map<string, {print: string, row: HTMLLIElement}>} */
  #rows = new Map();

  connectedCallback() {
    this.#more.addEventListener("click", () => this.dispatchEvent(new Event("more")));
    this.append(this.#heading, this.#list, this.#more);
  }

  /**
   * @param {readonly ListedSurvey[]} surveys
   * @param {boolean} hasMore
   */
  show(surveys, hasMore) {
    this.#heading.hidden = surveys.length === 0;
    placeInOrder(this.#list, surveys.map((one) => this.#row(one)));
    this.#more.hidden = !hasMore;
  }

  /** @param {ListedSurvey} survey */
  #row(survey) {
    const print = JSON.stringify(survey);
    const known = this.#rows.get(survey.id);
    if (known?.print === print) return known.row;
    const { customer, agent, channel, comment, answered_at, conversation_id } = survey;
    const row = make(
      "li",
      { class: "answer" },
      make("p", { class: "answer-rated" }, inWords(survey)),
      comment ? make("p", { dir: "auto" }, comment) : null,
      make(
        "p",
        { class: "quiet" },
        make("a", { href: `/desk${hashOf(conversation_id)}` }, make("bdi", null, customer.name)),
        ` · ${
          [agent?.name, channelName(channel), answered_at && dateOf(answered_at)].filter(Boolean)
            .join(" · ")
        }`,
      ),
    );
    this.#rows.set(survey.id, { print, row });
    return row;
  }
}

customElements.define("survey-list", SurveyList);
