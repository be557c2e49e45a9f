// @ts-check
/** The search of the shop's articles: asked while somebody types, and what of it goes into a draft. */

/** @typedef {import("../staff/types.js").Passage} Passage */
/**
 * @typedef {object} Found
 * @property {"idle"|"searching"|"found"|"failed"} state
 * @property {Passage[]} items what was found last, also while the next are looked for
 * @property {unknown} [error]
 */

const PAUSE_MS = 180;

/**
 * One answer at a time: what was asked before is given up, and never overtakes what was asked after.
 * Fires `change`.
 */
export class KnowledgeSearch extends EventTarget {
  /** @type {Found} */
  found = { state: "idle", items: [] };
  #ask;
  #pause;
  #asked = "";
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** @type {AbortController|null} */
  #underWay = null;

  /**
   * @param {(question: string, signal: AbortSignal) => Promise<{items: Passage[]}>} ask
   * @param {number} [pause] how long nobody must have typed, in ms
   */
  constructor(ask, pause = PAUSE_MS) {
    super();
    this.#ask = ask;
    this.#pause = pause;
  }

  /** @param {string} typed */
  type(typed) {
    const question = typed.trim().replace(/\s+/g, " ");
    if (question === this.#asked) return;
    this.#asked = question;
    this.stop();
    if (question === "") {
      this.#tell({ state: "idle", items: [] });
      return;
    }
    this.#tell({ state: "searching", items: this.found.items });
    this.#timer = setTimeout(() => this.#search(question), this.#pause);
  }

  /** Nothing that is under way is told of any more. */
  stop() {
    clearTimeout(this.#timer);
    this.#underWay?.abort();
    this.#underWay = null;
  }

  /** @param {string} question */
  async #search(question) {
    const underWay = new AbortController();
    this.#underWay = underWay;
    try {
      const { items } = await this.#ask(question, underWay.signal);
      if (!underWay.signal.aborted) this.#tell({ state: "found", items });
    } catch (error) {
      if (underWay.signal.aborted) return;
      this.#asked = ""; // typed again, it is asked again
      this.#tell({ state: "failed", items: [], error });
    }
  }

  /** @param {Found} found */
  #tell(found) {
    this.found = found;
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * The passage as it goes into a draft: its words, and where they come from.
 *
 * @param {Passage} passage
 */
export function asText(passage) {
  return `${passage.text}\n${passage.url}`;
}

/**
 * The draft with `text` in place of what is selected, on lines of its own; and where the caret is then.
 *
 * @param {{value: string, start: number, end: number}} draft
 * @param {string} text
 */
export function inserted({ value, start, end }, text) {
  const before = value.slice(0, start).trimEnd();
  const after = value.slice(end).trimStart();
  const head = before === "" ? text : `${before}\n\n${text}`;
  return { value: after === "" ? head : `${head}\n\n${after}`, caret: head.length };
}
