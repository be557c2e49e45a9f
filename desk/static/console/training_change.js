// @ts-check
/** `<training-change>`: what will be learnt, file by file, and what will not, and why; fires `reload`. */

import { fill, make } from "../staff/element.js";
import { addedIn, diffLines } from "./diff_lines.js";

/** @typedef {{turn_id: string, conversation_id: string}} Labelled */
/** @typedef {{path: string, is_new: boolean, diff: string}} ChangedFile */
/** @typedef {{reason: string, count: number, messages: Labelled[]}} Skipped */
/** @typedef {{text: string, intent: string, other: string, where: string, messages: Labelled[]}} Conflict */
/**
 * @typedef {{
 *   files: ChangedFile[],
 *   counts: {intent: string, examples: number, is_new: boolean}[],
 *   skipped: Skipped[],
 *   conflicts: Conflict[],
 * }} Change
 */

const RECORDS = ".jsonl"; // where each example is from: for programs, so it opens on demand

export class TrainingChange extends HTMLElement {
  #summary = make("p", { role: "status" }, "Loading…");
  #links = make(
    "p",
    { class: "change-links" },
    make("a", { class: "button", href: "/api/v1/labels/export.yml", download: "" }, "Download YAML"),
    make(
      "a",
      { class: "button", href: "/api/v1/labels/export.jsonl", download: "" },
      "Download JSON lines",
    ),
  );
  #body = make("div", null);
  #print = "";

  connectedCallback() {
    this.append(
      make(
        "div",
        { class: "change-head" },
        make("h2", null, "What the labels teach"),
        this.#links,
      ),
      this.#summary,
      this.#body,
    );
  }

  /**
   * @param {Change|null} change
   * @param {string|null} problem
   */
  show(change, problem) {
    const print = JSON.stringify([change, problem]);
    if (print === this.#print) return; // the files that are open stay open
    this.#print = print;
    if (!change) {
      const onclick = () => this.dispatchEvent(new Event("reload"));
      this.#summary.textContent = "";
      fill(
        this.#body,
        make("p", { class: "bad", role: "alert" }, problem ?? ""),
        make("button", { type: "button", class: "button", onclick }, "Try again"),
      );
      return;
    }
    this.#summary.textContent = inOneLine(change);
    const closed = new Set(
      [...this.#body.querySelectorAll("details:not([open])")].map((one) => one.id),
    );
    fill(
      this.#body,
      counts(change),
      conflicts(change.conflicts),
      skipped(change.skipped),
      change.files.length > 0 && make("h3", null, "Changes in the files"),
      change.files.length > 0 &&
        make(
          "p",
          { class: "quiet" },
          "To make them: ",
          make("code", null, "warmline labels export --write"),
        ),
      ...change.files.map((file) => fileOf(file, closed)),
    );
  }
}

/** @param {Change} change */
function inOneLine({ counts, conflicts }) {
  const examples = counts.reduce((sum, one) => sum + one.examples, 0);
  if (examples === 0 && conflicts.length === 0) {
    return "Nothing new to learn: label messages, and what they teach appears here.";
  }
  const new_ = counts.filter((one) => one.is_new).length;
  const words = [`${number(examples, "new example")} of ${number(counts.length, "intent")}`];
  if (new_) words.push(number(new_, "new intent"));
  if (conflicts.length) words.push(number(conflicts.length, "conflict"));
  return `${words.join(", ")}. Names, numbers and addresses are invented.`;
}

/** @param {number} count @param {string} noun */
const number = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** @param {Change} change */
function counts({ counts }) {
  if (counts.length === 0) return null;
  const most = Math.max(...counts.map((one) => one.examples));
  const rows = [...counts].sort((one, other) => other.examples - one.examples).map((one) => {
    const meter = make("meter", { min: 0, max: most, value: one.examples, "aria-hidden": "true" });
    return make(
      "tr",
      null,
      make("th", { scope: "row" }, one.intent, one.is_new && make("span", { class: "new" }, "new")),
      make("td", { class: "figure" }, one.examples),
      make("td", null, meter),
    );
  });
  return make(
    "table",
    { class: "change-counts" },
    make("caption", { class: "visually-hidden" }, "New examples by intent"),
    make(
      "thead",
      null,
      make(
        "tr",
        null,
        make("th", { scope: "col" }, "Intent"),
        make("th", { scope: "col", class: "figure" }, "Examples"),
        make("td", null),
      ),
    ),
    make("tbody", null, ...rows),
  );
}

/** @param {Conflict[]} items */
function conflicts(items) {
  if (items.length === 0) return null;
  const rows = items.map((one) =>
    make(
      "li",
      null,
      make("bdi", null, `“${one.text}”`),
      make(
        "p",
        null,
        "labelled ",
        make("code", null, one.intent),
        ", but an example of ",
        make("code", null, one.other),
        ` in ${one.where}. `,
        ...links(one.messages),
      ),
    )
  );
  return make(
    "section",
    { class: "change-list", "aria-labelledby": "conflicts-title" },
    make("h3", { id: "conflicts-title" }, `Conflicts (${items.length})`),
    make("p", { class: "quiet" }, "Not written: change the label, or the example in the file."),
    make("ul", null, ...rows),
  );
}

/** @param {Skipped[]} items */
function skipped(items) {
  if (items.length === 0) return null;
  const rows = items.map((one) =>
    make("li", null, `${number(one.count, "message")}: ${one.reason}. `, ...links(one.messages))
  );
  return make(
    "section",
    { class: "change-list", "aria-labelledby": "skipped-title" },
    make("h3", { id: "skipped-title" }, "Left out"),
    make("ul", null, ...rows),
  );
}

/** @param {Labelled[]} messages */
function links(messages) {
  return messages.slice(0, 5).flatMap(({ turn_id, conversation_id }, place) => {
    const query = new URLSearchParams({ c: conversation_id, turn: turn_id });
    const href = `/console/turns?${query}`;
    const name = `Message ${place + 1}`;
    return [place ? " · " : "", make("a", { href }, name)];
  });
}

/**
 * @param {ChangedFile} file
 * @param {Set<string>} closed
 */
function fileOf({ path, is_new, diff }, closed) {
  const lines = diffLines(diff);
  const id = `file-${path}`;
  return make(
    "details",
    { id, class: "change-file", open: !closed.has(id) && !path.endsWith(RECORDS) },
    make(
      "summary",
      null,
      make("code", null, path),
      make("span", { class: "quiet" }, `${is_new ? "new file, " : ""}+${addedIn(lines)}`),
    ),
    make(
      "ol",
      { class: "diff", tabindex: "0", "aria-label": `Changes in ${path}` },
      ...lines.map(({ kind, sign, text }) =>
        make("li", { class: kind }, make("span", { class: "sign" }, sign), make("code", null, text))
      ),
    ),
  );
}

customElements.define("training-change", TrainingChange);
