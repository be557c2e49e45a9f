// @ts-check
/** `<conflict-report>`: what is wrong with the training examples themselves, by kind; fires `look`. */

import { fill, make } from "../staff/element.js";
import {
  alikeWords,
  classWords,
  leakWords,
  missingWords,
  placeWords,
  promiseWords,
  stateWords,
} from "./conflict_words.js";

/** @typedef {import("./conflict_words.js").Conflicts} Conflicts */
/** @typedef {import("./conflict_words.js").Example} Example */
/** @typedef {import("./conflict_words.js").Fed} Fed */
/** @typedef {import("./conflict_words.js").Leak} Leak */
/** @typedef {import("./conflict_words.js").Nearer} Nearer */

const AT_FIRST = 15;

export class ConflictReport extends HTMLElement {
  #words = make("p", { class: "quiet", role: "status" }, "Loading…");
  #again = make("button", { type: "button", class: "button", hidden: true }, "Look again");
  #bar = make("progress", { "aria-label": "Comparing", hidden: true });
  #body = make("div");
  #print = "";

  connectedCallback() {
    this.#again.addEventListener("click", () => this.dispatchEvent(new Event("look")));
    this.append(
      make("div", { class: "conflict-head" }, this.#words, this.#again),
      this.#bar,
      this.#body,
    );
  }

  /**
   * @param {Conflicts|null} conflicts
   * @param {string|null} problem
   */
  show(conflicts, problem) {
    const failed = !conflicts || conflicts.state === "failed";
    this.#words.textContent = conflicts ? stateWords(conflicts) : problem;
    this.#words.classList.toggle("bad", failed);
    this.#again.hidden = !failed;
    this.#bar.hidden = failed || conflicts.state === "done";
    const print = JSON.stringify(conflicts);
    // What is read stays as it is while it is looked for anew, and where nothing has changed.
    if (conflicts?.state !== "done" || print === this.#print) return;
    this.#print = print;
    fill(this.#body, ...(conflicts.examples ? sections(conflicts) : []));
  }
}

/** @param {Conflicts} conflicts */
function sections({ nearer, nearer_count, copies, leaks, starving, starving_classes }) {
  const none = nearer_count === 0 && copies.length === 0;
  return [
    none && section(
      "No conflicts",
      "Every example is nearest to its own intent, and no text is in two of them.",
    ),
    copies.length > 0 && section(
      "The same text in several intents",
      "Keep it where it belongs, and delete the others: the model cannot learn both.",
      shortened(copies.map(copy), (rows) => make("ul", { class: "copies" }, ...rows)),
    ),
    nearer_count > 0 && section(
      "Nearer to another intent",
      `Examples more like those of another intent than like those of their own: ${nearer_count}. ` +
        "Move them, reword them, or write more like them." +
        (nearer.length < nearer_count ? ` The worst ${nearer.length} are listed.` : ""),
      shortened(nearer.map(nearerRow), nearerTable),
    ),
    leaks.length > 0 && section(
      "Intents that leak into each other",
      "How many examples of each are nearer to the other one. Many in both directions: the two may " +
        "be one request.",
      shortened(leaks.map(leakRow), (rows) => make("ul", { class: "leaks" }, ...rows)),
    ),
    section(
      "Intents with few examples",
      "A promise is made for a whole risk class. An intent with fewer examples than a promise takes " +
        "at the very least, each understood rightly, leans on the others of its class.",
      ...starving_classes.map((one) => make("p", { class: "bad" }, classWords(one))),
      starvingTable(starving),
    ),
  ];
}

/**
 * @param {string} title
 * @param {string} words
 * @param {...Node} content
 */
const section = (title, words, ...content) =>
  make("section", null, make("h2", null, title), make("p", { class: "quiet" }, words), ...content);

/**
 * The first rows, and a button that shows all and takes them back.
 *
 * @param {HTMLElement[]} rows
 * @param {(rows: HTMLElement[]) => HTMLElement} frame
 */
function shortened(rows, frame) {
  if (rows.length <= AT_FIRST) return frame(rows);
  const late = rows.slice(AT_FIRST);
  const button = make("button", { type: "button", class: "link" });
  const draw = (/** @type {boolean} */ open) => {
    for (const row of late) row.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? `Show the first ${AT_FIRST}` : `Show all ${rows.length}`;
  };
  button.addEventListener("click", () => draw(late[0].hidden === true));
  draw(false);
  return make("div", null, frame(rows), button);
}

/** @param {Example} example */
const place = (example) => make("code", { class: "place" }, placeWords(example));

/** @param {string} name */
const intent = (name) => make("span", { class: "intent" }, name);

/** @param {HTMLElement[]} rows */
const nearerTable = (rows) =>
  make(
    "table",
    { class: "conflicts" },
    make(
      "thead",
      null,
      make(
        "tr",
        null,
        ...["Example", "Its intent", "Nearer to", "Nearest example there"].map((one) =>
          make("th", { scope: "col" }, one)
        ),
      ),
    ),
    make("tbody", null, ...rows),
  );

/** @param {Nearer} nearer */
function nearerRow(nearer) {
  const { example, nearest } = nearer;
  return make(
    "tr",
    null,
    make("td", { class: "conflict-text" }, make("bdi", null, example.text), place(example)),
    make("td", { class: "conflict-own" }, intent(example.intent)),
    make(
      "td",
      { class: "conflict-other" },
      intent(nearest.intent),
      make("span", { class: "quiet" }, alikeWords(nearer)),
    ),
    make("td", { class: "conflict-nearest" }, make("bdi", null, nearest.text), place(nearest)),
  );
}

/** @param {Example[]} examples */
const copy = (examples) =>
  make(
    "li",
    null,
    make("bdi", null, examples[0].text),
    make(
      "ul",
      null,
      ...examples.map((one) => make("li", null, intent(one.intent), " ", place(one))),
    ),
  );

/** @param {Leak} leak */
const leakRow = (leak) =>
  make(
    "li",
    null,
    make(
      "details",
      null,
      make(
        "summary",
        null,
        make("b", null, leak.of_one + leak.of_other),
        make("span", { class: "leak-pair" }, intent(leak.one), " ⇄ ", intent(leak.other)),
      ),
      make("p", { class: "quiet" }, `${leakWords(leak)}. The worst:`),
      make(
        "ul",
        null,
        ...leak.worst.map(({ example, nearest }) =>
          make(
            "li",
            null,
            make("bdi", null, example.text),
            make("span", { class: "quiet" }, ` of ${example.intent} is like `),
            make("bdi", null, nearest.text),
            place(example),
          )
        ),
      ),
    ),
  );

/** @param {Fed[]} starving */
const starvingTable = (starving) =>
  make(
    "table",
    { class: "starving" },
    make(
      "thead",
      null,
      make(
        "tr",
        null,
        ...["Intent", "Examples", "To stand alone", "Risk class"].map((one) =>
          make("th", { scope: "col" }, one)
        ),
      ),
    ),
    make(
      "tbody",
      null,
      ...starving.map((fed) =>
        make(
          "tr",
          null,
          make("th", { scope: "row" }, intent(fed.name)),
          make(
            "td",
            { class: "fed" },
            make("meter", {
              min: 0,
              max: fed.least,
              low: fed.least,
              optimum: fed.least,
              value: Math.min(fed.examples, fed.least),
              "aria-label": `${fed.examples} of ${fed.least}`,
            }),
            make("span", null, fed.missing ? `${fed.examples} of ${fed.least}` : fed.examples),
          ),
          make("td", { class: fed.missing ? "missing" : "quiet" }, missingWords(fed)),
          make("td", { class: "quiet" }, promiseWords(fed)),
        )
      ),
    ),
  );

customElements.define("conflict-report", ConflictReport);
