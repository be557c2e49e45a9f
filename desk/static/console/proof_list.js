// @ts-check
/** `<proof-list>`: what people get in with, sessions or API tokens; fires `end` (detail = the proof) and `create`. */

import { placeInOrder } from "../shared/keyed.js";
import { fill, make } from "../staff/element.js";

/** @typedef {import("./access_words.js").Proof} Proof */

export class ProofList extends HTMLElement {
  #empty = make("p", { class: "quiet access-state", hidden: true }, this.dataset.empty);
  #list = make("ul", { class: "access-rows", "aria-label": this.dataset.title });
  /** @type {Map<string, {print: string, row: HTMLLIElement}>} */
  #rows = new Map();

  connectedCallback() {
    const { title, create } = this.dataset;
    const wish = () => this.dispatchEvent(new Event("create"));
    this.append(
      make(
        "div",
        { class: "access-head" },
        make("h2", null, title),
        create && make("button", { type: "button", class: "button", onclick: wish }, create),
      ),
      this.#empty,
      this.#list,
    );
  }

  /** @param {readonly Proof[]} proofs */
  show(proofs) {
    placeInOrder(this.#list, proofs.map((one) => this.#row(one)));
    const shown = new Set(proofs.map((one) => one.id));
    for (const id of this.#rows.keys()) if (!shown.has(id)) this.#rows.delete(id);
    this.#empty.hidden = proofs.length > 0;
  }

  /** Puts the focus on what follows one that is gone. */
  focusFirst() {
    this.querySelector("button")?.focus();
  }

  /** @param {Proof} proof */
  #row(proof) {
    const print = JSON.stringify(proof);
    const known = this.#rows.get(proof.id);
    if (known?.print === print) return known.row;
    const row = known?.row ?? make("li", { class: "access-row" });
    const had = row.contains(document.activeElement);
    const nameId = `proof-${proof.id}`;
    const end = () => this.dispatchEvent(new CustomEvent("end", { detail: proof }));
    fill(
      row,
      make(
        "div",
        { class: "access-what" },
        make("b", { id: nameId }, make("bdi", null, proof.title)),
        make("span", { class: "quiet" }, make("bdi", null, proof.who)),
      ),
      make(
        "div",
        { class: "access-facts" },
        make("span", { class: proof.bad ? "bad" : "quiet" }, proof.facts),
      ),
      make(
        "div",
        { class: "access-buttons" },
        proof.ends && make(
          "button",
          { type: "button", class: "button", "aria-describedby": nameId, onclick: end },
          proof.ends,
        ),
      ),
    );
    if (had) row.querySelector("button")?.focus();
    this.#rows.set(proof.id, { print, row });
    return row;
  }
}

customElements.define("proof-list", ProofList);
