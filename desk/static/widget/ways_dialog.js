// @ts-check
/** `<ways-dialog>`: over the chat, how to go on with it elsewhere and how to bring along what was written elsewhere. */
import { CodeCard } from "./code_card.js";
import { part } from "./part.js";
import { ProofForm } from "./proof_form.js";

/** @typedef {import("./ways.js").Ways} Ways */

export class WaysDialog extends HTMLElement {
  /** @param {{channels: readonly string[], joined: () => void}} parts */
  connect({ channels, joined }) {
    const form = part(this, "proof", ProofForm);
    form.connect(channels);
    form.addEventListener("joined", () => {
      this.close();
      joined();
    });
    part(this, "ways-close").addEventListener("click", () => this.close());
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {Ways} ways */
  open(ways) {
    part(this, "proof", ProofForm).begin(ways);
    part(this, "code-card", CodeCard).load(ways);
    this.#dialog.showModal();
    // Not by `autofocus`, which browsers refuse in another site's frame, and tell its console so.
    part(this, "ways-title").focus();
  }

  close() {
    this.#dialog.close();
  }

  get #dialog() {
    return part(this, "ways-dialog", HTMLDialogElement);
  }
}
