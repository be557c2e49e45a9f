// @ts-check
/** The canned replies, over the conversation; the chosen one goes into the draft, filled in. */

import { get, inWords } from "../staff/api.js";
import { make } from "../staff/element.js";
import { filled, matching } from "./canned.js";
import { openPicker } from "./picker.js";

/** @typedef {import("../staff/types.js").CannedReply} CannedReply */

/**
 * @param {object} options
 * @param {import("./canned.js").Facts} options.facts what the conversation says
 * @param {(text: string) => void} options.insert
 */
export async function openCannedDialog({ facts, insert }) {
  /** @type {CannedReply[]|null} */
  let replies = null;
  let typed = "";
  /** @type {import("./picker.js").Picker<CannedReply>} */
  const picker = openPicker({
    title: "Canned replies",
    label: "Which reply?",
    list: "Canned replies",
    verb: "insert",
    option: ({ name, text }) => [
      make("b", null, name),
      make("span", { class: "picker-text" }, filled(text, facts)),
    ],
    type: (now) => {
      typed = now;
      if (replies) show(replies);
    },
    use: ({ text }) => insert(filled(text, facts)),
  });

  /** @param {CannedReply[]} all */
  function show(all) {
    const items = matching(all, typed);
    const none = all.length === 0
      ? "There are no canned replies yet. A lead can add some."
      : "No canned reply has these words.";
    picker.show({ items, status: items.length === 0 ? none : "" });
  }

  picker.show({ items: [], status: "Loading…", busy: true });
  try {
    /** @type {import("../staff/types.js").Page<CannedReply>} */
    const { items } = await get("canned-replies");
    replies = items;
    show(items);
  } catch (error) {
    picker.show({ items: [], status: inWords(error), bad: true });
  }
}
