// @ts-check
/** `<audit-list>`: who decided what, newest first. */

import { fill, make } from "../staff/element.js";
import { exactTime, stamp } from "../staff/moments.js";
import { actionWords, reasonWords } from "./model_words.js";

/** @typedef {import("./model_book.js").AuditEntry} AuditEntry */
/** @typedef {import("./model_book.js").Model} Model */
/** @typedef {import("./model_book.js").ModelBook} ModelBook */

export class AuditList extends HTMLElement {
  #list = make("ol", { class: "audit", "aria-label": "Decisions, newest first" });

  connectedCallback() {
    this.append(make("h2", { class: "models-head" }, "Who decided what"), this.#list);
  }

  /** @param {ModelBook} book */
  show({ audit, items, ready }) {
    this.hidden = !ready || audit.length === 0;
    fill(this.#list, ...audit.map((entry) => line(entry, items)));
  }
}

/** @param {AuditEntry} entry @param {Model[]} models */
function line(entry, models) {
  const at = entry.created_at;
  const program = entry.action === "model.found" || entry.action === "model.prune";
  const who = entry.by?.name ?? (program ? "Warmline" : "The command line");
  return make(
    "li",
    null,
    make("time", { class: "quiet", datetime: at, title: exactTime(at) }, stamp(at, new Date())),
    make(
      "span",
      null,
      make("b", null, who),
      ` ${actionWords(entry)}${reasonWords(entry, models)}`,
    ),
  );
}

customElements.define("audit-list", AuditList);
