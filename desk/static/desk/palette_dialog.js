// @ts-check
/** The command palette: everything the desk can do now, each conversation, view and canned reply, by typing. */

import { make } from "../staff/element.js";
import { found } from "./palette.js";
import { openPicker } from "./picker.js";

/** @typedef {import("./palette.js").Entry} Entry */

/** @type {Record<Entry["kind"], string>} */
const KINDS = {
  command: "Command",
  view: "View",
  conversation: "Conversation",
  reply: "Canned reply",
};

/**
 * @param {object} options
 * @param {readonly Entry[]} options.entries what is known at once
 * @param {() => Promise<readonly Entry[]>} options.later what has to be fetched; without it the rest works
 */
export async function openPaletteDialog({ entries, later }) {
  let all = entries;
  let typed = "";
  /** @type {import("./picker.js").Picker<Entry>|null} before it is open, it says that nothing is typed */
  let picker = null;
  picker = openPicker({
    title: "Go to, or do",
    label: "What?",
    list: "Found",
    verb: "go or do",
    option: ({ kind, name, text, keys }) => [
      make("b", null, name),
      make(
        "span",
        { class: "picker-way" },
        ...(keys ?? []).map((key) => make("kbd", null, key)),
        make("span", null, KINDS[kind]),
      ),
      text ? make("span", { class: "picker-text" }, text) : null,
    ],
    type: (now) => {
      typed = now;
      show();
    },
    use: ({ run }) => run(),
  });

  function show() {
    const items = found(all, typed);
    picker?.show({ items, status: items.length === 0 ? "Nothing here has these words." : "" });
  }

  show();
  try {
    const more = await later();
    if (more.length === 0) return;
    all = [...all, ...more];
    // Whoever chooses already must not have the list changed under the keys.
    if (typed !== "") show();
  } catch {
    // Canned replies have a place of their own that says why they do not come.
  }
}
