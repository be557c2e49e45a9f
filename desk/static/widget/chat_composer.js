// @ts-check
/** Where the customer writes: a box that grows, keeps the draft, counts near the limit and leaves Enter to the input method. */
import { countCharacters, isBlank, LIMIT, problemWith } from "./limit.js";
import { part } from "./part.js";

const TALLEST_PX = 140;

export class ChatComposer extends HTMLElement {
  /** @type {{send: (text: string) => void, typed: () => void, draft: (text: string) => void} | null} */
  #actions = null;

  /** @param {{send: (text: string) => void, typed: () => void, draft: (text: string) => void}} actions */
  connect(actions) {
    this.#actions = actions;
    const box = this.#box;
    part(this, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    box.addEventListener("keydown", (event) => {
      // 229: Safari's last key of a composition, which no longer says isComposing.
      const composing = event.isComposing || event.keyCode === 229;
      if (event.key !== "Enter" || event.shiftKey || composing) return;
      event.preventDefault();
      this.#submit();
    });
    box.addEventListener("input", () => {
      this.#measure();
      actions.draft(box.value);
      if (!isBlank(box.value)) actions.typed();
    });
  }

  /** @param {string} text */
  set text(text) {
    this.#box.value = text;
    this.#measure();
  }

  /** @override */
  focus() {
    this.#box.focus({ preventScroll: true });
  }

  get #box() {
    return part(this, "box", HTMLTextAreaElement);
  }

  #submit() {
    const text = this.#box.value.trim();
    if (isBlank(text) || problemWith(text) !== null) return;
    this.text = "";
    this.#actions?.draft("");
    this.#actions?.send(text);
    this.focus();
  }

  #measure() {
    const box = this.#box;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, TALLEST_PX)}px`;
    const text = box.value.trim();
    const problem = problemWith(text);
    const count = countCharacters(text);
    const counter = part(this, "counter");
    counter.hidden = count < LIMIT * 0.9;
    counter.textContent = `${count} of ${LIMIT} characters`;
    counter.dataset.over = String(problem !== null);
    box.setAttribute("aria-invalid", String(problem !== null));
    const alert = part(this, "problem");
    if (alert.textContent !== (problem ?? "")) alert.textContent = problem ?? "";
    part(this, "send", HTMLButtonElement).disabled = isBlank(text) || problem !== null;
  }
}
