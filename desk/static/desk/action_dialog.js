// @ts-check
/** Reads back what is about to be done for the customer, and asks for what is missing. */

import { ApiError } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";

/** @typedef {import("../staff/types.js").NextAction} NextAction */

/** @type {Record<string, string>} */
const LABELS = { line: "House and street", town: "Town", postcode: "Postcode" };

/**
 * @param {NextAction} action
 * @param {(fields: Record<string, string>, version: string) => Promise<void>} submit with the version
 *   of what is read back; while something else would be done, that is read back and asked about
 */
export function openActionDialog({ title, fields, ...action }, submit) {
  const inputs = fields.map((name) =>
    make("input", { id: `action-${name}`, name, required: true, maxlength: "200" })
  );
  let { version } = action;
  const words = make("div", null, ...readBack(action));
  openFormDialog({
    title: `${title}?`,
    confirm: "Do it now",
    content: [
      words,
      ...inputs.flatMap((input) => [
        make("label", { for: input.id }, LABELS[input.name] ?? input.name),
        input,
      ]),
      make("p", { class: "quiet" }, "It is made once, in your name."),
    ],
    async submit() {
      const filled = Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
      try {
        await submit(filled, version);
      } catch (error) {
        if (error instanceof ApiError && error.code === "changed") {
          /** @type {NextAction} */
          const now = error.detail.action;
          version = now.version;
          const another = now.title === title ? null : make("p", null, `${now.title}.`);
          fill(words, another, ...readBack(now));
        }
        throw error;
      }
    },
  });
  inputs[0]?.focus();
}

/** @param {Pick<NextAction, "will"|"why">} action */
function readBack({ will, why }) {
  return [
    will ? make("p", { class: "quiet" }, "The bot would ask:") : null,
    will ? make("blockquote", { class: "action-will" }, will) : null,
    why ? make("p", null, `Not for the bot alone: ${why}.`) : null,
  ];
}
