// @ts-check
/** The quiet line above the composer that says what the draft asks for and is known already; it stops nobody. */

import { fill, make } from "../staff/element.js";
import { askedAgain } from "./asking.js";

export class AskingLine {
  /** Always in the page: only a change inside it is read out. */
  node = make("div", { class: "composer-asking", role: "status", "data-empty": true });
  #shown = "";
  #closed = "";

  /**
   * @param {string} draft
   * @param {ReadonlyMap<string, string>} known
   */
  show(draft, known) {
    const found = askedAgain(draft, known);
    const print = JSON.stringify(found);
    if (found.length === 0) this.#closed = ""; // asked for anew, it is said anew
    const wanted = found.length === 0 || print === this.#closed ? "" : print;
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.node.toggleAttribute("data-empty", wanted === "");
    if (wanted === "") {
      fill(this.node);
      return;
    }
    fill(
      this.node,
      make(
        "span",
        null,
        "Already known: ",
        ...found.flatMap(({ what, value }, index) => [
          index > 0 ? " · " : null,
          `${what} `,
          make("b", null, value),
        ]),
      ),
      make(
        "button",
        {
          type: "button",
          class: "link",
          "aria-keyshortcuts": "Escape",
          onclick: () => this.close(),
        },
        "Close (Esc)",
      ),
    );
  }

  /** @returns {boolean} whether there was something to close */
  close() {
    if (this.#shown === "") return false;
    this.#closed = this.#shown;
    this.#shown = "";
    this.node.toggleAttribute("data-empty", true);
    fill(this.node);
    return true;
  }
}
