// @ts-check
/** `<block-list>`: who is blocked, newest first; fires `lift` (detail = the block), `choose` (detail = whether those that are over), `more` and `reload`. */

import { hashOf } from "../desk/route.js";
import { channelName } from "../shared/channels.js";
import { placeInOrder } from "../shared/keyed.js";
import { heardWords, REASONS, spanWords } from "../staff/block_words.js";
import { fill, make } from "../staff/element.js";
import { exactTime, stamp } from "../staff/moments.js";

/** @typedef {import("../staff/types.js").Block} Block */

export class BlockList extends HTMLElement {
  #which = make(
    "select",
    { "aria-label": "Which blocks" },
    make("option", { value: "on" }, "Blocked now"),
    make("option", { value: "over" }, "No longer blocked"),
  );
  #state = make("div", { class: "letters-state", role: "status" });
  #list = make("ul", { class: "letters", "aria-label": "Blocked, newest first" });
  #more = make("button", { type: "button", class: "button", hidden: true }, "Load more");
  /** @type {Map<string, {print: string, row: HTMLLIElement}>} */
  #rows = new Map();

  connectedCallback() {
    this.append(
      make("p", { class: "blocks-which" }, this.#which),
      this.#state,
      this.#list,
      this.#more,
    );
    this.#which.addEventListener("change", () => {
      this.dispatchEvent(new CustomEvent("choose", { detail: this.#which.value === "over" }));
    });
    this.#more.addEventListener("click", () => this.dispatchEvent(new Event("more")));
  }

  /** @param {{items: Block[], next: string|null, over: boolean, ready: boolean, problem: string|null}} blocks */
  show({ items, next, over, ready, problem }) {
    this.setAttribute("aria-busy", String(!ready));
    placeInOrder(this.#list, items.map((block) => this.#row(block)));
    const shown = new Set(items.map(({ id }) => id));
    for (const id of this.#rows.keys()) if (!shown.has(id)) this.#rows.delete(id);
    this.#list.hidden = items.length === 0;
    this.#more.hidden = !next || problem !== null;
    this.#state.hidden = problem === null && ready && items.length > 0;
    if (problem !== null) {
      const again = () => this.dispatchEvent(new Event("reload"));
      fill(
        this.#state,
        make("p", { class: "bad" }, problem),
        make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      );
    } else if (!ready) {
      fill(this.#state, make("p", { class: "quiet" }, "Loading…"));
    } else {
      fill(
        this.#state,
        make("p", null, over ? "No block is over yet." : "Nobody is blocked."),
        over ? null : make(
          "p",
          { class: "quiet" },
          "Agents block from the customer panel of a conversation.",
        ),
      );
    }
  }

  /** The first that can be lifted, or else the choice of which. */
  takeFocus() {
    (this.#list.querySelector("button") ?? this.#which).focus();
  }

  /** @param {Block} block */
  #row(block) {
    const print = JSON.stringify(block);
    const known = this.#rows.get(block.id);
    if (known?.print === print) return known.row;
    const row = known?.row ?? make("li", { class: "letter" });
    const focused = row.contains(document.activeElement);
    fill(row, ...this.#content(block));
    if (focused) row.querySelector("button")?.focus();
    this.#rows.set(block.id, { print, row });
    return row;
  }

  /** @param {Block} block */
  #content(block) {
    const nameId = `name-of-${block.id}`;
    const isOver = block.lifted_at !== null ||
      (block.until !== null && Date.parse(block.until) <= Date.now());
    const lift = () => this.dispatchEvent(new CustomEvent("lift", { detail: block }));
    const by = block.by ? `By ${block.by.name}` : "By somebody";
    const where = block.channel ? `, on ${channelName(block.channel)} only` : "";
    const ended = block.lifted_by ? ` Lifted by ${block.lifted_by.name}.` : "";
    return [
      make(
        "p",
        { class: "letter-head" },
        make("b", { id: nameId }, make("bdi", null, block.customer.name)),
        make("span", { class: "badge letter-state" }, REASONS[block.reason]),
        make("span", { class: "quiet" }, spanWords(block)),
      ),
      make(
        "p",
        { class: "letter-text" },
        `${by}${where}, `,
        make(
          "time",
          { datetime: block.at, title: exactTime(block.at) },
          stamp(block.at, new Date()),
        ),
        `.${ended}`,
      ),
      make("p", { class: "letter-why quiet" }, heardWords(block)),
      make(
        "div",
        { class: "letter-buttons" },
        isOver ? null : make(
          "button",
          { type: "button", class: "button", "aria-describedby": nameId, onclick: lift },
          "Lift",
        ),
        make(
          "a",
          { href: `/desk${hashOf(block.conversation_id)}`, "aria-describedby": nameId },
          "Open the conversation",
        ),
      ),
    ];
  }
}

customElements.define("block-list", BlockList);
