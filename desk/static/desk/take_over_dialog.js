// @ts-check
/** The dialog that takes a conversation from a colleague, with a note of why for them. */

import { make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";

/**
 * @param {object} options
 * @param {string} options.agent who has it
 * @param {(body: {note: string}) => Promise<void>} options.submit
 */
export function openTakeOverDialog({ agent, submit }) {
  const note = make("textarea", { rows: "3", id: "take-over-note", required: true });
  openFormDialog({
    title: `Take over from ${agent}?`,
    confirm: "Take over",
    content: [
      make("p", null, `${agent} is told, and keeps what they were writing.`),
      make("label", { for: "take-over-note" }, "Why, as a private note"),
      note,
    ],
    submit: () => submit({ note: note.value }),
  });
  note.focus();
}
