// @ts-check
/** `<audit-table>`: who changed what, newest first; fires `more` and `reload`. */

import { placeInOrder } from "../shared/keyed.js";
import { make } from "../staff/element.js";
import { exactTime, stamp } from "../staff/moments.js";
import { actionName, detailWords, linksOf, subjectWords, whoWords } from "./audit_words.js";

/** @typedef {import("./audit_words.js").AuditEntry} AuditEntry */

export class AuditTable extends HTMLElement {
  #list = make("ol", { class: "audit-lines", "aria-label": "Changes, newest first" });
  #state = make("p", { class: "quiet", role: "status" });
  #more = make("button", { type: "button", class: "button", hidden: true }, "Show more");
  #again = make("button", { type: "button", class: "button", hidden: true }, "Try again");
  /** @type {Map<string, HTMLLIElement>} */
  #rows = new Map();
  /** @type {ReadonlyMap<string, string>} of people, by their ids */
  #names = new Map();

  connectedCallback() {
    this.#more.addEventListener("click", () => this.dispatchEvent(new Event("more")));
    this.#again.addEventListener("click", () => this.dispatchEvent(new Event("reload")));
    this.append(this.#list, this.#state, this.#more, this.#again);
  }

  /**
   * @param {readonly AuditEntry[]} entries
   * @param {{more: boolean, loading: boolean, problem: string|null,
   *   names: ReadonlyMap<string, string>}} state
   */
  show(entries, { more, loading, problem, names }) {
    if (names !== this.#names) this.#rows.clear();
    this.#names = names;
    placeInOrder(this.#list, entries.map((entry) => this.#row(entry)));
    const words = problem ?? (loading ? "Reading…" : entries.length === 0 ? "No such change." : "");
    if (this.#state.textContent !== words) this.#state.textContent = words;
    this.#state.classList.toggle("bad", problem !== null);
    this.#more.hidden = !more;
    this.#again.hidden = problem === null;
  }

  /** @param {AuditEntry} entry */
  #row(entry) {
    const known = this.#rows.get(entry.id);
    if (known) return known; // a line never changes
    const at = entry.created_at;
    const subject = subjectWords(entry, this.#names);
    const details = detailWords(entry.details, this.#names);
    const row = make(
      "li",
      null,
      make("time", { class: "quiet", datetime: at, title: exactTime(at) }, stamp(at, new Date())),
      make("b", { class: "audit-who", dir: "auto" }, whoWords(entry)),
      make(
        "span",
        { class: "audit-what" },
        make("span", { title: entry.action }, actionName(entry.action)),
        subject && make("b", { dir: "auto" }, subject),
        details && make("span", { class: "quiet" }, details),
      ),
      make(
        "span",
        { class: "audit-links" },
        ...linksOf(entry).map(({ href, words }) => make("a", { href }, words)),
      ),
    );
    this.#rows.set(entry.id, row);
    return row;
  }
}

customElements.define("audit-table", AuditTable);
