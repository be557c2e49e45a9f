// @ts-check
/** The dialog in which a lead writes a canned reply, and sees it as a customer would. */

import { fill, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { exampleOf, EXAMPLES } from "./canned_words.js";

/** @typedef {import("../staff/types.js").CannedReply} CannedReply */

const LONGEST_NAME = "80";
const LONGEST_TEXT = "4000";

/**
 * @param {object} options
 * @param {CannedReply|null} options.reply null for a new one
 * @param {(words: {name: string, text: string}) => Promise<void>} options.submit
 */
export function openCannedEditor({ reply, submit }) {
  const name = make("input", {
    id: "canned-name",
    required: true,
    maxlength: LONGEST_NAME,
    value: reply?.name ?? "",
  });
  const text = make("textarea", {
    id: "canned-text",
    required: true,
    rows: "6",
    maxlength: LONGEST_TEXT,
    "aria-describedby": "canned-preview",
  });
  text.value = reply?.text ?? "";
  const preview = make("p", { id: "canned-preview", class: "canned-preview" });
  const draw = () =>
    fill(preview, ...(text.value ? exampleOf(text.value) : ["What a customer reads shows here."]));
  const insert = Object.keys(EXAMPLES).map((variable) =>
    make("button", {
      type: "button",
      class: "link",
      onclick: () => {
        text.setRangeText(`{${variable}}`, text.selectionStart, text.selectionEnd, "end");
        text.focus();
        draw();
      },
    }, `{${variable}}`)
  );
  text.addEventListener("input", draw);
  draw();
  openFormDialog({
    title: reply ? "Edit canned reply" : "New canned reply",
    confirm: "Save",
    content: [
      make("label", { for: "canned-name" }, "Name, by which agents find it"),
      name,
      make("label", { for: "canned-text", class: "canned-label" }, "Text"),
      text,
      make("p", { class: "canned-variables" }, "Insert ", ...insert.flatMap((one) => [one, " "])),
      make("h3", { class: "canned-label" }, "For example"),
      preview,
    ],
    submit: () => submit({ name: name.value, text: text.value }),
  });
  (reply ? text : name).focus();
}
