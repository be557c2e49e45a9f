// @ts-check
/** `<code-card>`: the code that continues this chat on another channel, and where it can be sent. */
import { timeOfDay } from "../shared/format.js";
import { part, stamp } from "./part.js";
import { whyNot } from "./ways.js";

/** @typedef {import("./ways.js").Ways} Ways */
/** @typedef {import("./ways.js").Way} Way */

const COPIED_MS = 2_500;

export class CodeCard extends HTMLElement {
  #code = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    part(this, "copy").addEventListener("click", () => this.#copy());
  }

  /** @param {Ways} ways */
  async load(ways) {
    this.#code = "";
    part(this, "code-body").hidden = true;
    this.#say("One moment…");
    try {
      const { code, expires_at, channels } = await ways.code();
      this.#code = code;
      part(this, "code").textContent = code;
      part(this, "code-until").textContent = `It is good until ${timeOfDay(expires_at)}.`;
      part(this, "code-channels").replaceChildren(...channels.map(row));
      part(this, "code-body").hidden = channels.length === 0;
      this.#say(channels.length === 0 ? "There is no other channel at the moment." : "");
    } catch (error) {
      this.#say(whyNot(error));
    }
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#code);
      this.#tellCopied("Copied");
    } catch {
      // Sites may forbid it in frames: then it is selected, for the customer's own keys.
      getSelection()?.selectAllChildren(part(this, "code"));
      this.#tellCopied("Selected");
    }
  }

  /** @param {string} words */
  #tellCopied(words) {
    clearTimeout(this.#timer);
    part(this, "copy").textContent = words;
    this.#timer = setTimeout(() => (part(this, "copy").textContent = "Copy"), COPIED_MS);
  }

  /** @param {string} words */
  #say(words) {
    part(this, "code-state").textContent = words;
  }
}

/** @param {Way} way */
function row({ name, address, url }) {
  const node = stamp("way-template");
  part(node, "way-name").textContent = name;
  part(node, "way-address").textContent = address ?? "";
  const link = part(node, "way-link", HTMLAnchorElement);
  link.hidden = url === null;
  if (url !== null) link.href = url;
  part(node, "way-link-name").textContent = ` ${name} (opens a new tab)`;
  return node;
}
