// @ts-check
/** `<status-line>`: one short sentence that appears, is read out, and goes away by itself. */

const SHOWN_MS = 7_000;

export class StatusLine extends HTMLElement {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  connectedCallback() {
    this.setAttribute("role", "status");
    this.setAttribute("aria-live", "polite");
  }

  /** @param {string} words */
  say(words) {
    clearTimeout(this.#timer);
    this.textContent = words;
    this.#timer = setTimeout(() => this.replaceChildren(), SHOWN_MS);
  }
}

customElements.define("status-line", StatusLine);
