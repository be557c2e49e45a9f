// @ts-check
/** Why the bot said or did something: the decision behind a line, in two sentences, with what it was decided by. */

import { get, inWords } from "./api.js";
import { fill, make } from "./element.js";
import { exactTime } from "./moments.js";

/**
 * @typedef {object} Decision
 * @property {string} at
 * @property {string} summary
 * @property {string} why
 * @property {string} rule
 * @property {string|null} model
 * @property {boolean} recorded
 * @property {{name: string, value: string}[]} facts
 */

/** What Warmline says by itself, beside the bot's answers: everything else a person did. */
const BY_ITSELF = new Set([
  "handoff_requested",
  "too_fast",
  "slow_down",
  "blocked",
  "closed",
  "waiting",
  "stranded",
  "woken",
  "joined",
  "survey_question",
]);

/** @param {Pick<import("./types.js").Message, "author"|"event">} message */
export function isExplained({ author, event }) {
  return author === "bot" || BY_ITSELF.has(event ?? "");
}

/**
 * The button beside such a line.
 *
 * @param {() => void} ask
 */
export function whyButton(ask) {
  return make("button", {
    type: "button",
    class: "link why-button",
    "aria-label": "Why? What this came of",
    onclick: ask,
  }, "Why?");
}

/** @param {{message: string, conversation: string}} ids */
export async function openWhyDialog({ message, conversation }) {
  const content = make("div", { class: "why", "aria-live": "polite" });
  const address = `/api/v1/conversations/${encodeURIComponent(conversation)}/decisions/export`;
  const dialog = make(
    "dialog",
    { class: "dialog why-dialog", "aria-labelledby": "why-title" },
    make(
      "form",
      { method: "dialog" },
      content,
      make(
        "div",
        { class: "dialog-buttons why-buttons" },
        make("span", { class: "quiet" }, "All of this conversation's: "),
        make("a", { href: `${address}?format=json`, download: "" }, "JSON"),
        make("a", { href: `${address}?format=csv`, download: "" }, "CSV"),
        make("button", { class: "button", autofocus: true }, "Close"),
      ),
    ),
  );
  fill(content, make("h2", { id: "why-title" }, "Why?"), make("p", { class: "quiet" }, "Reading…"));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  try {
    fill(content, ...told(await get(`messages/${encodeURIComponent(message)}/decision`)));
  } catch (error) {
    fill(
      content,
      make("h2", { id: "why-title" }, "Why?"),
      make("p", { class: "problem", role: "alert" }, inWords(error)),
    );
  }
}

/** @param {Decision} decision */
function told({ at, summary, why, rule, model, recorded, facts }) {
  return [
    make("h2", { id: "why-title" }, summary),
    make("p", { class: "why-because", dir: "auto" }, why),
    !recorded && make(
      "p",
      { class: "notice" },
      "Thresholds and rules of that moment were not kept by the version that took this turn.",
    ),
    make(
      "p",
      { class: "quiet why-by" },
      make("span", null, "Decided by ", make("b", null, rule)),
      model && make("span", null, "Model ", make("b", null, model)),
      make("time", { datetime: at }, exactTime(at)),
    ),
    facts.length > 0 && make(
      "dl",
      { class: "why-facts" },
      ...facts.flatMap(({ name, value }) => [
        make("dt", null, name),
        make("dd", { dir: "auto" }, value),
      ]),
    ),
  ].filter((one) => one !== false);
}
