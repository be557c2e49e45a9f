// @ts-check
/** Who else has the open conversation on their screen: said from here, and heard from their pages. */

/** @typedef {import("../staff/types.js").Colleague} Colleague */
/** @typedef {EventTarget & {state: string, send: (frame: Record<string, unknown>) => void}} Line */

// Between two words one may think for a while; then it is no writing any more.
const THINKING_MS = 10_000;

/** Fires `change`. */
export class Colleagues extends EventTarget {
  /** @type {readonly Colleague[]} */
  items = [];
  /** @type {string|null} */
  #shown = null;
  #writing = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #thinking;
  #line;

  /** @param {Line} line the live socket */
  constructor(line) {
    super();
    this.#line = line;
    line.addEventListener("resync", () => this.#say());
    line.addEventListener("state", () => {
      // Who comes and goes is not heard now, so nobody is named.
      if (line.state !== "live") this.#become([]);
    });
    line.addEventListener("frame", (event) => {
      const frame = /** @type {CustomEvent} */ (event).detail;
      if (frame.type === "looking" && frame.conversation_id === this.#shown) {
        this.#become(frame.colleagues);
      }
    });
  }

  /** @param {string|null} conversationId what is on this screen now */
  look(conversationId) {
    if (conversationId === this.#shown) return;
    clearTimeout(this.#thinking);
    this.#shown = conversationId;
    this.#writing = false;
    this.#become([]);
    this.#say();
  }

  /** @param {boolean} goesOn false once there is nothing left of what was written */
  wrote(goesOn) {
    clearTimeout(this.#thinking);
    if (goesOn) this.#thinking = setTimeout(() => this.wrote(false), THINKING_MS);
    if (goesOn === this.#writing) return;
    this.#writing = goesOn;
    this.#say();
  }

  #say() {
    this.#line.send({
      type: "looking",
      conversation_id: this.#shown,
      writing: this.#writing,
    });
  }

  /** @param {readonly Colleague[]} items */
  #become(items) {
    if (items.length === 0 && this.items.length === 0) return;
    this.items = items;
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * "Liam is writing…, Ava and Noor are here too": who writes comes first.
 *
 * @param {readonly Colleague[]} colleagues
 */
export function whoIsHere(colleagues) {
  const names = (/** @type {boolean} */ writing) =>
    colleagues.filter((one) => one.writing === writing).map(({ name }) => name);
  const writing = names(true);
  const reading = names(false);
  return [
    writing.length > 0 && `${inOne(writing)} ${writing.length > 1 ? "are" : "is"} writing…`,
    reading.length > 0 && `${inOne(reading)} ${reading.length > 1 ? "are" : "is"} here too`,
  ].filter(Boolean).join(", ");
}

/**
 * What to tell whoever has begun to write; empty when nobody else has.
 *
 * @param {readonly Colleague[]} colleagues
 */
export function writesToo(colleagues) {
  const writing = colleagues.filter((one) => one.writing).map(({ name }) => name);
  if (writing.length === 0) return "";
  return `${inOne(writing)} ${writing.length > 1 ? "are" : "is"} writing in this conversation too.`;
}

/** @param {string[]} names */
function inOne(names) {
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}
