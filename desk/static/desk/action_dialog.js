// @ts-check
/** Reads back what is about to be done for the customer, and asks for what is missing. */

import { make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";

/** @typedef {import("../staff/types.js").NextAction} NextAction */

/** @type {Record<string, string>} */
const LABELS = { line: "House and street", town: "Town", postcode: "Postcode" };

/**
 * @param {NextAction} action
 * @param {(fields: Record<string, string>) => Promise<void>} submit
 */
export function openActionDialog({ title, will, why, fields }, submit) {
  const inputs = fields.map((name) =>
    make("input", { id: `action-${name}`, name, required: true, maxlength: "200" })
  );
  openFormDialog({
    title: `${title}?`,
    confirm: "Do it now",
    content: [
      will ? make("p", { class: "quiet" }, "The bot would ask:") : null,
      will ? make("blockquote", { class: "action-will" }, will) : null,
      why ? make("p", null, `Not for the bot alone: ${why}.`) : null,
      ...inputs.flatMap((input) => [
        make("label", { for: input.id }, LABELS[input.name] ?? input.name),
        input,
      ]),
      make("p", { class: "quiet" }, "It is made once, in your name."),
    ],
    submit: () => submit(Object.fromEntries(inputs.map(({ name, value }) => [name, value]))),
  });
  inputs[0]?.focus();
}
