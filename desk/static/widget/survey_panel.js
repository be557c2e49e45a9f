// @ts-check
/** `<survey-panel>`: two questions after a chat, each a row of five, and room for a comment; every choice is kept at once. */
import { ApiError } from "./api.js";
import { inTurn } from "./in_turn.js";
import { part, stamp } from "./part.js";

/** @typedef {import("./model.js").Survey} Survey */
/** @typedef {"csat" | "effort"} Question */
/** @typedef {{csat?: number, effort?: number, comment?: string, done?: boolean}} Answer */
/** @typedef {{answer: (survey: string, answer: Answer) => Promise<void>, done: (thanked: boolean) => void}} Actions */

const RATINGS = ["1", "2", "3", "4", "5"];
/** @type {Record<Question, string[]>} what each rating is read out as */
const WORDS = {
  csat: ["not at all", "not really", "neither", "satisfied", "very satisfied"],
  effort: ["very hard", "hard", "neither", "easy", "very easy"],
};

export class SurveyPanel extends HTMLElement {
  /** @type {Actions | null} */
  #actions = null;
  /** @type {string | null} the one that is shown */
  #id = null;
  /** @type {string | null} the one the customer has closed, which the server may still be told of */
  #closed = null;

  /** @param {Actions} actions */
  connect(actions) {
    // Arrow keys choose faster than the server answers, and the last choice is the one that counts.
    this.#actions = { ...actions, answer: inTurn(actions.answer) };
    for (const question of /** @type {Question[]} */ (["csat", "effort"])) {
      part(this, question).replaceChildren(
        ...RATINGS.map((rating, index) => choice(question, rating, WORDS[question][index])),
      );
      part(this, question).addEventListener("change", (event) => {
        if (event.target instanceof HTMLInputElement) {
          this.#tell({});
          this.#showRest();
        }
      });
    }
    part(this, "survey-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#finish({ comment: part(this, "comment", HTMLTextAreaElement).value, done: true });
    });
    part(this, "survey-skip").addEventListener("click", () => this.#finish({ done: true }));
  }

  /** @param {Survey | null} survey */
  render(survey) {
    const shown = survey?.id === this.#closed ? null : survey;
    if (shown !== null && shown.id !== this.#id) this.#begin(shown);
    this.#id = shown?.id ?? null;
    this.hidden = shown === null;
    // A live region is heard when its words change, not when it appears with them.
    part(document, "survey-call").textContent = shown === null ? "" : "How was it?";
    if (shown === null) return;
    for (const question of /** @type {Question[]} */ (["csat", "effort"])) {
      const chosen = shown[question];
      if (chosen !== null && this.#chosen(question) === null) this.#choose(question, chosen);
    }
    this.#showRest();
  }

  /** @param {Survey} survey */
  #begin({ csat, effort }) {
    part(this, "survey-form", HTMLFormElement).reset();
    part(this, "survey-problem").textContent = "";
    if (csat !== null) this.#choose("csat", csat);
    if (effort !== null) this.#choose("effort", effort);
  }

  /** @param {Question} question @param {number} rating */
  #choose(question, rating) {
    const input = part(this, question).querySelector(`input[value="${rating}"]`);
    if (input instanceof HTMLInputElement) input.checked = true;
  }

  /** @param {Question} question */
  #chosen(question) {
    const input = part(this, question).querySelector("input:checked");
    return input instanceof HTMLInputElement ? Number(input.value) : null;
  }

  /** @returns {Answer} */
  #ratings() {
    const csat = this.#chosen("csat") ?? undefined;
    const effort = this.#chosen("effort") ?? undefined;
    return { csat, effort };
  }

  /** The second question and the comment come once the first is answered: one look, one question. */
  #showRest() {
    const begun = this.#chosen("csat") !== null;
    part(this, "survey-rest").hidden = !begun;
    part(this, "survey-skip").textContent = begun ? "Close" : "No, thanks";
  }

  /**
   * Everything that is chosen goes along, so that one that was not saved is by the next.
   *
   * @param {Answer} answer
   */
  async #tell(answer) {
    const id = this.#id;
    if (id === null || this.#actions === null) return true;
    const problem = part(this, "survey-problem");
    try {
      await this.#actions.answer(id, { ...this.#ratings(), ...answer });
      problem.textContent = "";
      return true;
    } catch (error) {
      // What was asked too long ago is over; anything else can be pressed again.
      if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return true;
      problem.textContent = "That was not saved. Please try again.";
      return false;
    }
  }

  /** @param {Answer} answer */
  async #finish(answer) {
    const id = this.#id;
    if (!(await this.#tell(answer))) return;
    this.#closed = id;
    const thanked = this.#chosen("csat") !== null;
    this.render(null);
    this.#actions?.done(thanked);
  }
}

/**
 * @param {Question} question
 * @param {string} rating
 * @param {string} words
 */
function choice(question, rating, words) {
  const label = stamp("rating-template");
  const input = part(label, "rating", HTMLInputElement);
  input.name = question;
  input.value = rating;
  input.setAttribute("aria-label", `${rating}, ${words}`);
  part(label, "rating-number").textContent = rating;
  return label;
}
