// @ts-check
/** The buttons of the last message, as long as nothing was said after it. */
import { liveButtons } from "./groups.js";

/** @typedef {import("./model.js").Entry} Entry */
/** @typedef {{say: (text: string, payload?: string) => void, refocus: () => void}} Actions */

export class QuickReplies {
  #group;
  #actions;
  /** @type {string | null} whose buttons are shown; null while that is not known */
  #of = null;

  /** @param {HTMLElement} group @param {Actions} actions */
  constructor(group, actions) {
    this.#group = group;
    this.#actions = actions;
    group.addEventListener("keydown", moveByArrows);
  }

  /** Whatever comes next, these buttons are another customer's: they go even if none come. */
  reset() {
    this.#of = null;
  }

  /** @param {Entry[]} entries */
  render(entries) {
    const buttons = liveButtons(entries);
    const of = buttons.length === 0 ? "" : entries.at(-1)?.key ?? "";
    if (of === this.#of) return;
    this.#of = of;
    const lost = this.#group.contains(document.activeElement);
    this.#group.hidden = buttons.length === 0;
    this.#group.replaceChildren(...buttons.map(({ title, payload }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "chip";
      button.textContent = title;
      button.addEventListener("click", () => this.#actions.say(title, payload), { once: true });
      return button;
    }));
    if (lost) this.#actions.refocus();
  }
}

/** Arrow keys walk through a group of buttons, as Tab does. @param {KeyboardEvent} event */
function moveByArrows(event) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const step = steps[/** @type {keyof typeof steps} */ (event.key)];
  const group = event.currentTarget;
  if (step === undefined || !(group instanceof HTMLElement)) return;
  const buttons = [...group.querySelectorAll("button")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}
