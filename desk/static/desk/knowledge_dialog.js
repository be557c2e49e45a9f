// @ts-check
/** The search of the shop's articles, over the conversation; what is chosen goes into the draft. */

import { get, inWords } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { asText, chosen, KnowledgeSearch } from "./knowledge.js";

/** @typedef {import("../staff/types.js").Passage} Passage */

const LONGEST_QUESTION = 400;

/**
 * @param {object} options
 * @param {string} options.question what to begin with: mostly the customer's last words
 * @param {(text: string) => void} options.insert
 */
export function openKnowledgeDialog({ question, insert }) {
  const search = new KnowledgeSearch((typed, signal) =>
    get(`knowledge?q=${encodeURIComponent(typed)}`, { signal })
  );
  const field = make("input", {
    id: "knowledge-field",
    type: "search",
    role: "combobox",
    autocomplete: "off",
    maxlength: LONGEST_QUESTION,
    "aria-controls": "knowledge-list",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
  });
  const list = make("ul", { id: "knowledge-list", role: "listbox", "aria-label": "Passages" });
  const status = make("p", { class: "quiet", role: "status" });
  const close = make("button", { type: "button", class: "button" }, "Close");
  const dialog = make(
    "dialog",
    { class: "dialog knowledge", "aria-labelledby": "knowledge-title" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "knowledge-title" }, "Knowledge"),
      make("label", { for: "knowledge-field" }, "What do our articles say of…"),
      field,
      status,
      list,
      make(
        "div",
        { class: "dialog-buttons" },
        make("span", { class: "quiet knowledge-hint" }, "↑ ↓ to choose, Enter to insert"),
        close,
      ),
    ),
  );
  let at = 0;

  function show() {
    const { state, items, error } = search.found;
    at = 0;
    fill(list, ...items.map((passage, index) => option(passage, index, () => use(passage))));
    mark();
    field.setAttribute("aria-expanded", String(items.length > 0));
    status.textContent = state === "failed"
      ? inWords(error)
      : state === "found" && items.length === 0
      ? "There are no articles yet."
      : "";
    status.classList.toggle("bad", state === "failed");
    list.setAttribute("aria-busy", String(state === "searching"));
  }

  function mark() {
    const options = [...list.children];
    options.forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    const current = options[at];
    if (current) field.setAttribute("aria-activedescendant", current.id);
    else field.removeAttribute("aria-activedescendant");
    current?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Passage} passage */
  function use(passage) {
    dialog.close();
    insert(asText(passage));
  }

  search.addEventListener("change", show);
  field.addEventListener("input", () => search.type(field.value));
  field.addEventListener("keydown", (event) => {
    const { items } = search.found;
    if (event.isComposing) return;
    const next = chosen(at, event.key, items.length);
    if (next !== null) {
      event.preventDefault();
      at = next;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (items[at]) use(items[at]);
    } else if (event.key === "Escape") {
      // Left to itself, the first Escape in a search field only empties it.
      event.preventDefault();
      dialog.close();
    }
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    search.stop();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  field.value = question.slice(0, LONGEST_QUESTION);
  field.focus();
  field.select();
  search.type(field.value);
}

/**
 * @param {Passage} passage
 * @param {number} index
 * @param {() => void} use
 */
function option(passage, index, use) {
  return make(
    "li",
    { role: "option", id: `knowledge-${index}`, class: "knowledge-hit", onclick: use },
    make("b", null, passage.heading || passage.title),
    passage.heading && make("span", { class: "quiet" }, passage.title),
    make("span", { class: "knowledge-text" }, passage.text),
  );
}
