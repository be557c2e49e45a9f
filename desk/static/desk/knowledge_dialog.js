// @ts-check
/** The search of the shop's articles, over the conversation; what is chosen goes into the draft. */

import { get, inWords } from "../staff/api.js";
import { make } from "../staff/element.js";
import { asText, KnowledgeSearch } from "./knowledge.js";
import { openPicker } from "./picker.js";

/**
 * @param {object} options
 * @param {string} options.question what to begin with: mostly the customer's last words
 * @param {(text: string) => void} options.insert
 */
export function openKnowledgeDialog({ question, insert }) {
  const search = new KnowledgeSearch((typed, signal) =>
    get(`knowledge?q=${encodeURIComponent(typed)}`, { signal })
  );
  /** @type {import("./picker.js").Picker<import("../staff/types.js").Passage>} */
  const picker = openPicker({
    title: "Knowledge",
    label: "What do our articles say of…",
    list: "Passages",
    typed: question,
    verb: "insert",
    option: ({ heading, title, text }) => [
      make("b", null, heading || title),
      heading && make("span", { class: "quiet" }, title),
      make("span", { class: "picker-text" }, text),
    ],
    type: (typed) => search.type(typed),
    use: (passage) => insert(asText(passage)),
    closed: () => search.stop(),
  });
  search.addEventListener("change", () => {
    const { state, items, error } = search.found;
    const none = state === "found" && items.length === 0;
    picker.show({
      items,
      status: state === "failed" ? inWords(error) : none ? "There are no articles yet." : "",
      bad: state === "failed",
      busy: state === "searching",
    });
  });
}
