// @ts-check
/** The dialogs of the review page: another intent by typing, and the keys. */

import { openPicker } from "../desk/picker.js";
import { make } from "../staff/element.js";
import { intentName } from "../staff/words.js";
import { openIntentDialog } from "./cluster_dialogs.js";
import { KEYS, matching, newName } from "./review_words.js";

/**
 * @param {readonly string[]} intents
 * @param {string} typed what to begin with
 * @param {(intent: string) => void} label
 */
export function openIntents(intents, typed, label) {
  /** @type {import("../desk/picker.js").Picker<{intent: string, isNew: boolean}>|undefined} */
  let picker;
  /** @param {string} words */
  const show = (words) => {
    const name = newName(words);
    const found = matching(intents, words).map((intent) => ({ intent, isNew: false }));
    if (name && !intents.includes(name)) found.push({ intent: name, isNew: true });
    picker?.show({ items: found });
  };
  picker = openPicker({
    title: "What is it about?",
    label: "Intent",
    list: "Intents",
    typed,
    verb: "label",
    option: ({ intent, isNew }) => [isNew ? `New intent “${intent}”…` : intentName(intent)],
    type: show,
    use: ({ intent, isNew }) => {
      if (isNew) openIntentDialog(intent, async (name) => label(name));
      else label(intent);
    },
  });
  show(typed);
}

export function openKeys() {
  const rows = KEYS.flatMap(({ keys, words }) => [
    make("dt", null, ...keys.map((key) => make("kbd", null, key))),
    make("dd", null, words),
  ]);
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "keys-title" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "keys-title" }, "Keys"),
      make("dl", { class: "keys" }, ...rows),
      make("div", { class: "dialog-buttons" }, make("button", { class: "button" }, "Close")),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
