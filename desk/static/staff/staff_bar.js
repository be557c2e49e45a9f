// @ts-check
/** `<staff-bar>`: the line above the staff's pages with the connection in words, what calls a lead, and the way out. */

import { inWords, post, session } from "./api.js";
import { find, make } from "./element.js";
import { LetterCount } from "./letter_count.js";

/** @type {Record<import("./live.js").LiveState, string>} */
const WORDS = {
  connecting: "Connecting…",
  live: "Live",
  lost: "Connection lost. Reconnecting…",
  "signed-out": "Signed out",
};

export class StaffBar extends HTMLElement {
  connectedCallback() {
    const leave = find(this, "[data-sign-out]", HTMLButtonElement);
    leave.addEventListener("click", async () => {
      leave.disabled = true;
      try {
        await post("logout");
        location.reload();
      } catch (error) {
        leave.disabled = false;
        this.#banner(inWords(error), false);
      }
    });
    session.addEventListener("signed-out", () => this.#signedOut());
  }

  /** @param {import("./live.js").LiveSocket} live */
  watch(live) {
    const line = find(this, "[data-connection]", HTMLElement);
    const tell = () => {
      line.textContent = WORDS[live.state];
      line.dataset.connection = live.state;
      if (live.state === "signed-out") this.#signedOut();
    };
    live.addEventListener("state", tell);
    tell();
    const counts = document.querySelectorAll("letter-count");
    for (const count of counts) if (count instanceof LetterCount) count.watch(live);
  }

  #signedOut() {
    this.#banner("You have been signed out. What you typed is kept.", true);
  }

  /**
   * @param {string} words
   * @param {boolean} signIn
   */
  #banner(words, signIn) {
    this.nextElementSibling?.matches(".banner") && this.nextElementSibling.remove();
    this.after(
      make(
        "div",
        { class: "banner", role: "alert" },
        make("span", null, words),
        signIn &&
          make("button", { class: "button", onclick: () => location.reload() }, "Sign in again"),
      ),
    );
  }
}

customElements.define("staff-bar", StaffBar);
