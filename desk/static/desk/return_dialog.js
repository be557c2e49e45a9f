// @ts-check
/** The dialog that gives a conversation back to the bot: how it goes on, and with which values. */

import { get, inWords } from "../staff/api.js";
import { make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { readable, valueText } from "../staff/words.js";
import { changedSlots } from "./slots.js";

/** @typedef {import("../staff/types.js").Card} Card */

/** @type {{value: "continue"|"drop"|"done", name: string, words: string}[]} */
const WAYS = [
  {
    value: "continue",
    name: "Go on with the request",
    words: "The bot takes it up where it stopped, with the values below.",
  },
  {
    value: "drop",
    name: "Drop the request",
    words: "The bot forgets what was asked and waits for the customer's next message.",
  },
  {
    value: "done",
    name: "It is done",
    words: "You have taken care of it. The bot keeps what it knows and waits for the next message.",
  },
];

/**
 * @param {object} options
 * @param {Card|null} options.card
 * @param {(body: {resume: string, slots: Record<string, string>}) => Promise<void>} options.submit
 */
export function openReturnDialog({ card, submit }) {
  const ways = WAYS.map(({ value, name, words }, index) =>
    make(
      "label",
      { class: "way" },
      make("input", { type: "radio", name: "resume", value, checked: index === 0 }),
      make("span", null, make("b", null, name), make("span", { class: "quiet" }, words)),
    )
  );
  const known = new Map(
    (card?.collected ?? []).filter(({ settable }) => settable).map((
      { name, value },
    ) => [name, valueText(value)]),
  );
  const rows = [...known].map(([name, value]) => slotRow(name, value));
  const added = make("div", { class: "slots-added" });
  const slots = make(
    "fieldset",
    { class: "slots" },
    make("legend", null, "What the bot should know"),
    ...rows.map((row) => row.line),
    added,
  );
  offerOthers(added, known, (name) => {
    const row = slotRow(name, "");
    rows.push(row);
    added.before(row.line);
    row.input.focus();
  });
  openFormDialog({
    title: "Return to the bot",
    confirm: "Return to the bot",
    content: [
      make(
        "fieldset",
        { class: "ways" },
        make("legend", null, "How should the bot go on?"),
        ...ways,
      ),
      slots,
    ],
    submit: () => {
      const chosen = ways.map((way) => way.querySelector("input")).find((input) => input?.checked);
      /** @type {[string, string][]} */
      const entered = rows.map(({ name, input }) => [name, input.value]);
      return submit({ resume: chosen?.value ?? "continue", slots: changedSlots(known, entered) });
    },
  });
}

/**
 * @param {string} name
 * @param {string} value
 */
function slotRow(name, value) {
  const input = make("input", { value, autocomplete: "off" });
  const line = make("label", { class: "slot" }, make("span", null, readable(name)), input);
  return { name, input, line };
}

/**
 * A choice of what else the bot can be told; whatever is chosen becomes a field of its own.
 *
 * @param {HTMLElement} place
 * @param {ReadonlyMap<string, string>} known
 * @param {(name: string) => void} add
 */
async function offerOthers(place, known, add) {
  try {
    const { items } = await get("slots");
    /** @type {string[]} */
    const names = items.map((/** @type {{name: string}} */ one) => one.name);
    const others = names.filter((name) => !known.has(name));
    if (others.length === 0) return;
    const choice = make(
      "select",
      { "aria-label": "Tell the bot another value" },
      make("option", { value: "" }, "Add a value…"),
      ...others.map((name) => make("option", { value: name }, readable(name))),
    );
    choice.addEventListener("change", () => {
      const { value } = choice;
      if (value === "") return;
      choice.querySelector(`option[value="${CSS.escape(value)}"]`)?.remove();
      choice.value = "";
      choice.hidden = choice.options.length === 1;
      add(value);
    });
    place.append(choice);
  } catch (error) {
    place.append(make("p", { class: "bad" }, inWords(error)));
  }
}
