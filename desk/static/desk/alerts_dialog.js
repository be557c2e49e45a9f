// @ts-check
/** The dialog with the switches for notifications and the sound. The browser is asked only from here. */

import { make } from "../staff/element.js";
import { chime } from "./chime.js";

/** @typedef {import("./alert_wishes.js").Wish} Wish */

const BLOCKED =
  "The browser does not allow notifications of this page. Allow them in its settings " +
  "for this site, then switch them on here.";

/** @param {{wishes: import("./alert_wishes.js").AlertWishes}} options */
export function openAlertsDialog({ wishes }) {
  const problem = make("p", { class: "bad", role: "status" });
  const possible = "Notification" in globalThis;
  if (!possible) problem.textContent = "This browser shows no notifications.";

  /**
   * @param {Wish} wish
   * @param {string} name
   * @param {string} words
   * @param {() => Promise<boolean>|boolean} allowed asked when it is switched on
   */
  function choice(wish, name, words, allowed) {
    const on = wishes.wanted.has(wish);
    const input = make("input", {
      type: "checkbox",
      role: "switch",
      "aria-describedby": `alert-${wish}`,
      checked: on,
      disabled: wish !== "sound" && !possible,
    });
    input.addEventListener("change", async () => {
      problem.textContent = "";
      if (input.checked && !(await allowed())) {
        input.checked = false;
        problem.textContent = BLOCKED;
      }
      wishes.set(wish, input.checked);
    });
    return make(
      "label",
      { class: "way" },
      input,
      make(
        "span",
        null,
        make("b", null, name),
        make("span", { class: "quiet", id: `alert-${wish}` }, words),
      ),
    );
  }

  const close = make("button", { class: "button" }, "Close");
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "alerts-title" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "alerts-title" }, "Notifications and sound"),
      make(
        "p",
        { class: "quiet" },
        "When a customer waits for you, becomes yours or answers, or a colleague mentions you, while " +
          "this page is hidden or another conversation is open.",
      ),
      make(
        "div",
        { class: "switches" },
        choice(
          "notify",
          "Notifications",
          "From the browser, once for all windows",
          async () => await Notification.requestPermission() === "granted",
        ),
        choice(
          "text",
          "Show what was written",
          "Others at your screen can read it too",
          () => true,
        ),
        choice("sound", "A soft sound", "Two quiet notes", () => {
          chime();
          return true;
        }),
      ),
      problem,
      make("div", { class: "dialog-buttons" }, close),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
