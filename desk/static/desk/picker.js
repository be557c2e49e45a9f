// @ts-check
/** A dialog to choose one of a list from, by typing: what is typed finds, arrows choose, Enter takes. */

import { fill, make } from "../staff/element.js";

const LONGEST_TYPED = 400;

/**
 * @template T
 * @typedef {object} Picker
 * @property {(shown: {items: readonly T[], status?: string, bad?: boolean, busy?: boolean}) => void} show
 */

/**
 * @template T
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.label of the field
 * @param {string} options.list what the list is called
 * @param {string} [options.typed] what to begin with
 * @param {string} options.verb what Enter does
 * @param {(item: T) => import("../staff/element.js").Child[]} options.option what a line says
 * @param {(typed: string) => void} options.type told of every change of what is typed
 * @param {(item: T) => void} options.use told once the dialog is gone
 * @param {() => void} [options.closed]
 * @returns {Picker<T>}
 */
export function openPicker({ title, label, list: called, typed = "", verb, ...told }) {
  const field = make("input", {
    id: "picker-field",
    type: "search",
    role: "combobox",
    autocomplete: "off",
    maxlength: LONGEST_TYPED,
    "aria-controls": "picker-list",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
  });
  const list = make("ul", { id: "picker-list", role: "listbox", "aria-label": called });
  const status = make("p", { class: "quiet", role: "status" });
  const close = make("button", { type: "button", class: "button" }, "Close");
  const dialog = make(
    "dialog",
    { class: "dialog picker", "aria-labelledby": "picker-title" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "picker-title" }, title),
      make("label", { for: "picker-field" }, label),
      field,
      status,
      list,
      make(
        "div",
        { class: "dialog-buttons" },
        make("span", { class: "quiet picker-hint" }, `↑ ↓ to choose, Enter to ${verb}`),
        close,
      ),
    ),
  );
  /** @type {readonly T[]} */
  let shown = [];
  let at = 0;

  function mark() {
    const options = [...list.children];
    options.forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    const current = options[at];
    if (current) field.setAttribute("aria-activedescendant", current.id);
    else field.removeAttribute("aria-activedescendant");
    current?.scrollIntoView({ block: "nearest" });
  }

  /** @param {T} item */
  function use(item) {
    dialog.close();
    told.use(item);
  }

  field.addEventListener("input", () => told.type(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const next = chosen(at, event.key, shown.length);
    if (next !== null) {
      event.preventDefault();
      at = next;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown.length > 0) use(shown[at]);
    } else if (event.key === "Escape") {
      // Left to itself, the first Escape in a search field only empties it.
      event.preventDefault();
      dialog.close();
    }
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    told.closed?.();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  field.value = typed.slice(0, LONGEST_TYPED);
  field.focus();
  // A single letter is the first of what is being typed.
  if (typed.length > 1) field.select();
  told.type(field.value);
  return {
    show({ items, status: words = "", bad = false, busy = false }) {
      shown = items;
      at = 0;
      fill(
        list,
        ...items.map((item, index) =>
          make("li", {
            role: "option",
            id: `picker-${index}`,
            class: "picker-option",
            onclick: () => use(item),
          }, ...told.option(item))
        ),
      );
      mark();
      field.setAttribute("aria-expanded", String(items.length > 0));
      list.setAttribute("aria-busy", String(busy));
      if (status.textContent !== words) status.textContent = words;
      status.classList.toggle("bad", bad);
    },
  };
}

/**
 * @param {number} at the chosen one, of `count`
 * @param {string} key what was pressed
 * @param {number} count
 * @returns {number|null} the one to choose, null for a key that chooses nothing
 */
export function chosen(at, key, count) {
  if (count === 0) return null;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at - 1 + count) % count;
  return null;
}
