// @ts-check
/** The dialogs in which a group of messages becomes an intent, or examples of one there is. */

import { post } from "../staff/api.js";
import { make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { nameProblem } from "./discover_words.js";

/** @typedef {import("./clusters.js").Cluster} Cluster */

const LONGEST_NAME = "60";

/**
 * Makes the intent and then labels the messages; tried again, an intent already made is not made twice.
 *
 * @param {string} called what the intent is called, unless another name is written
 * @param {(intent: string) => Promise<void>} label
 */
export function openIntentDialog(called, label) {
  const name = make("input", {
    id: "intent-name",
    required: true,
    maxlength: LONGEST_NAME,
    value: called,
    autocomplete: "off",
    spellcheck: "false",
  });
  const check = () => name.setCustomValidity(nameProblem(name.value));
  name.addEventListener("input", check);
  check();
  const answer = make("textarea", { id: "intent-answer", rows: "4", maxlength: "2000" });
  let made = "";
  openFormDialog({
    title: "Make it an intent",
    confirm: "Make and label",
    content: [
      make("label", { for: "intent-name" }, "Name"),
      name,
      make("p", { class: "quiet dialog-hint" }, "What the customer wants: check_warranty."),
      make("label", { for: "intent-answer" }, "What the bot answers (optional)"),
      answer,
      make(
        "p",
        { class: "quiet" },
        "What you label so becomes its examples. The bot knows it once a model is trained and promoted.",
      ),
    ],
    submit: async () => {
      if (made !== name.value) {
        await post("intents", { name: name.value, answer: answer.value.trim() || null });
        made = name.value;
      }
      await label(name.value);
    },
  });
  name.select();
}

/**
 * @param {Cluster} cluster
 * @param {string[]} intents
 * @param {(intent: string) => Promise<void>} label
 */
export function openLabelDialog(cluster, intents, label) {
  const options = make(
    "datalist",
    { id: "known-intents" },
    ...intents.map((intent) => make("option", { value: intent })),
  );
  const field = make("input", {
    id: "label-intent",
    list: "known-intents",
    required: true,
    autocomplete: "off",
    value: cluster.nearest && intents.includes(cluster.nearest) ? cluster.nearest : "",
  });
  const check = () =>
    field.setCustomValidity(
      intents.includes(field.value) ? "" : "There is no such intent. Choose one of the list.",
    );
  field.addEventListener("input", check);
  check();
  openFormDialog({
    title: "Label as an intent",
    confirm: "Label",
    content: [make("label", { for: "label-intent" }, "Intent"), field, options],
    submit: () => label(field.value),
  });
  field.select();
}
