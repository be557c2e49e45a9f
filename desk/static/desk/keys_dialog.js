// @ts-check
/** The list of keys that `?` opens. */

import { make } from "../staff/element.js";
import { KEYS } from "./keys.js";

export function openKeysDialog() {
  const rows = KEYS.flatMap(({ keys, words }) => [
    make("dt", null, ...keys.map((key) => make("kbd", null, key))),
    make("dd", null, words),
  ]);
  const close = make("button", { class: "button" }, "Close");
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "keys-title" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "keys-title" }, "Keys"),
      make("dl", { class: "keys" }, ...rows),
      make("div", { class: "dialog-buttons" }, close),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
