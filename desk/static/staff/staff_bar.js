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
        this.#banner(inWords(error));
      }
    });
    // On a phone the tabs scroll sideways, and the one that is open may stand far to the right.
    document.querySelector(".tabs [aria-current]")?.scrollIntoView({
      inline: "center",
      block: "nearest",
    });
    session.addEventListener("signed-out", () => this.#signedOut());
    session.addEventListener("another", () => {
      this.#banner(
        "Somebody signed in anew in another window. What you typed is kept.",
        "Load this page anew",
      );
    });
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
    live.addEventListener("outdated", () => {
      this.#banner(
        "Warmline was updated. Load this page anew when it suits you; what you typed is kept.",
        "Load it anew",
      );
    });
    tell();
    const counts = document.querySelectorAll("letter-count");
    for (const count of counts) if (count instanceof LetterCount) count.watch(live);
  }

  #signedOut() {
    this.#banner(
      "You are signed out: your time was up, it was done in another window, or your access was " +
        "taken back. What you typed is kept.",
      "Sign in again",
    );
  }

  /**
   * @param {string} words
   * @param {string} [reload] the words of the button that loads the page anew, where that is the cure
   */
  #banner(words, reload) {
    this.nextElementSibling?.matches(".banner") && this.nextElementSibling.remove();
    this.after(
      make(
        "div",
        { class: "banner", role: "alert" },
        make("span", null, words),
        reload &&
          make("button", { class: "button", onclick: () => location.reload() }, reload),
      ),
    );
  }
}

customElements.define("staff-bar", StaffBar);
