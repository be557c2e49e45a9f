// @ts-check
/** The dialog that resolves a conversation: what came of it, and what it was really about. */

import { ApiError, get, inWords } from "../staff/api.js";
import { make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { intentName, wrapUpName } from "../staff/words.js";

/** @typedef {import("../staff/types.js").WrapUp["outcome"]} Outcome */

/** @type {Outcome[]} */
const OUTCOMES = ["solved", "not_solved", "spam"];

/**
 * @param {object} options
 * @param {string|null} options.intent what the hand-off took it to be about
 * @param {boolean} options.goOn whether the next conversation follows
 * @param {(body: {outcome: string, intent?: string}) => Promise<void>} options.submit
 */
export function openResolveDialog({ intent, goOn, submit }) {
  const ways = OUTCOMES.map((value, index) =>
    make(
      "label",
      { class: "way" },
      make("input", { type: "radio", name: "outcome", value, checked: index === 0 }),
      make("span", null, make("b", null, wrapUpName(value))),
    )
  );
  const about = make("input", {
    id: "resolve-intent",
    list: "resolve-intents",
    autocomplete: "off",
    value: intent ? intentName(intent) : "",
  });
  const known = make("datalist", { id: "resolve-intents" });
  const problem = make("p", { class: "bad", role: "status" });
  /** @type {Map<string, string>} the code of an intent by its name, as it is typed */
  const codes = new Map(intent ? [[intentName(intent).toLowerCase(), intent]] : []);
  offerIntents(known, codes, problem);
  openFormDialog({
    title: "Resolve",
    confirm: goOn ? "Resolve, then the next" : "Resolve",
    content: [
      make("fieldset", { class: "ways" }, make("legend", null, "What came of it?"), ...ways),
      make("label", { for: "resolve-intent" }, "What was it about?"),
      about,
      known,
      problem,
    ],
    submit: () => {
      const chosen = ways.map((way) => way.querySelector("input")).find((input) => input?.checked);
      const outcome = chosen?.value ?? "solved";
      const typed = about.value.trim();
      // What is not for us is about nothing of ours.
      if (outcome === "spam" || typed === "") return submit({ outcome });
      const code = codes.get(typed.toLowerCase());
      if (code) return submit({ outcome, intent: code });
      about.focus();
      const words = `There is no intent “${typed}”. Choose one of the list, or leave it empty.`;
      return Promise.reject(new ApiError(0, "unknown_intent", words));
    },
  });
}

/**
 * @param {HTMLDataListElement} place
 * @param {Map<string, string>} codes
 * @param {HTMLElement} problem
 */
async function offerIntents(place, codes, problem) {
  try {
    /** @type {import("../staff/types.js").Page<{name: string, in_model: boolean}>} */
    const { items } = await get("intents");
    for (const { name } of items.filter((one) => one.in_model)) {
      codes.set(intentName(name).toLowerCase(), name);
      place.append(make("option", { value: intentName(name) }));
    }
  } catch (error) {
    problem.textContent = inWords(error);
  }
}
