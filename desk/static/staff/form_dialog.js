// @ts-check
/** A modal form: focus, Esc, a busy state and the server's error in place are the same for all of them. */

import { inWords } from "./api.js";
import { make } from "./element.js";

/**
 * Opens the dialog; it stays open, with the reason, while `submit` rejects.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.confirm the words on the button
 * @param {(HTMLElement|null)[]} options.content
 * @param {() => Promise<void>} options.submit
 */
export function openFormDialog({ title, confirm, content, submit }) {
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  const confirmButton = make("button", { class: "button primary" }, confirm);
  const cancel = make("button", { type: "button", class: "button" }, "Cancel");
  const form = make(
    "form",
    { method: "dialog" },
    make("h2", { id: "dialog-title" }, title),
    ...content,
    problem,
    make("div", { class: "dialog-buttons" }, cancel, confirmButton),
  );
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, form);
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (confirmButton.disabled) return;
    confirmButton.disabled = true;
    problem.hidden = true;
    try {
      await submit();
      dialog.close();
    } catch (error) {
      problem.textContent = inWords(error);
      problem.hidden = false;
    } finally {
      confirmButton.disabled = false;
      // A button that is disabled loses the focus; Enter is to try again.
      if (dialog.open && !dialog.contains(document.activeElement)) confirmButton.focus();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}
