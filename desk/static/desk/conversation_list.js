// @ts-check
/** `<conversation-list>`: one view's conversations; arrows move, Enter opens, waiting times tick. */

import { placeInOrder } from "../shared/keyed.js";
import { fill, make } from "../staff/element.js";
import { waited } from "../staff/moments.js";
import { tickDue, urgencyOf } from "../staff/service_level.js";
import { rowContent } from "./conversation_row.js";
import { hashAt, hashOf } from "./route.js";
import { SearchField } from "./search_field.js";
import { standing } from "./standing.js";

/** @typedef {import("../staff/types.js").Conversation} Conversation */
/**
 * @typedef {object} Listing
 * @property {string} title
 * @property {(Conversation & {found?: import("./found.js").FoundLine|null})[]} conversations in order
 * @property {string|null} openId
 * @property {string} userId
 * @property {(id: string) => number} unread
 * @property {boolean} ownerShown not where every row has the same owner
 * @property {boolean} canTake whether the next one can be asked for
 * @property {boolean} hasMore
 * @property {boolean} loaded
 * @property {string|null} problem
 * @property {string} empty
 */

/** Fires `more`, `reload`, `search` (detail = the words) and `take` (the next customer); rows are links, so opening is the address's business. */
export class ConversationList extends HTMLElement {
  #title = make("h2");
  #take = make("button", { type: "button", class: "button", hidden: true }, "Take next");
  search = new SearchField();
  #state = make("div", { class: "list-state", hidden: true, role: "status" });
  #rows = make("ul", { class: "rows" });
  #more = make(
    "button",
    { type: "button", class: "button quiet-button", hidden: true },
    "Load more",
  );
  /** @type {Map<string, HTMLAnchorElement>} */
  #links = new Map();
  /** @type {Map<string, import("../staff/types.js").Place|null>} */
  #places = new Map();
  /** @type {Map<string, string>} what each row was built from */
  #prints = new Map();
  /** @type {WeakMap<object, string>} conversations are replaced, never changed */
  #written = new WeakMap();

  connectedCallback() {
    const scroller = make("div", { class: "list-scroll" }, this.#state, this.#rows, this.#more);
    this.#take.setAttribute("aria-keyshortcuts", "Alt+N");
    this.#take.addEventListener("click", () => this.dispatchEvent(new Event("take")));
    this.append(
      make("div", { class: "list-head" }, this.#title, this.#take),
      this.search,
      scroller,
    );
    this.search.addEventListener("search", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      this.dispatchEvent(new CustomEvent("search", { detail }));
    });
    this.search.addEventListener("leave", () => this.focusRow(null));
    this.#more.addEventListener("click", () => this.dispatchEvent(new Event("more")));
    const nearing = new IntersectionObserver(([{ isIntersecting }]) => {
      if (isIntersecting) this.dispatchEvent(new Event("more"));
    }, { root: scroller, rootMargin: "1500px" });
    nearing.observe(this.#more);
    this.#rows.addEventListener("keydown", (event) => this.#move(event));
  }

  /** @param {Listing} listing */
  show(listing) {
    const { conversations, openId, loaded, problem } = listing;
    this.#title.textContent = listing.title;
    this.#more.hidden = !listing.hasMore;
    this.#take.hidden = !listing.canTake;
    this.#showState(listing);
    const focused = document.activeElement;
    const ids = new Set(conversations.map((one) => one.id));
    for (const id of this.#links.keys()) {
      if (!ids.has(id)) {
        this.#links.delete(id);
        this.#prints.delete(id);
        this.#places.delete(id);
      }
    }
    const items = conversations.map((one) => {
      const link = this.#row(one, listing);
      if (one.id === openId) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      return /** @type {HTMLElement} */ (link.parentElement);
    });
    placeInOrder(this.#rows, items);
    this.#rows.hidden = items.length === 0 || !loaded && problem !== null;
    // Moving a row takes the focus from it: give it back.
    if (
      focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected
    ) {
      focused.focus({ preventScroll: true });
    }
    this.#keepOneTabStop(openId);
  }

  tick() {
    const now = new Date();
    for (const node of this.#rows.querySelectorAll("time[data-since]")) {
      const since = node.getAttribute("data-since") ?? "";
      const place = this.#places.get(node.closest("a")?.dataset.id ?? "") ?? null;
      node.textContent = waited(since, now);
      node.setAttribute("data-urgency", urgencyOf(place, since, now));
    }
    tickDue(this.#rows);
  }

  /** @param {string|null} id */
  focusRow(id) {
    const link = (id && this.#links.get(id)) || this.#rows.querySelector("a");
    link?.focus();
  }

  /** @param {Listing} listing */
  #showState({ conversations, loaded, problem, empty }) {
    this.#state.hidden = problem === null && conversations.length > 0;
    if (problem !== null) {
      const reload = () => this.dispatchEvent(new Event("reload"));
      const retry = make(
        "button",
        { type: "button", class: "button", onclick: reload },
        "Try again",
      );
      fill(this.#state, make("p", { class: "bad" }, problem), retry);
    } else if (!loaded) {
      fill(this.#state, make("p", { class: "quiet" }, "Loading conversations…"));
    } else {
      fill(this.#state, make("p", { class: "quiet" }, empty));
    }
  }

  /**
   * @param {Listing["conversations"][number]} conversation
   * @param {Listing} listing
   */
  #row(conversation, { userId, unread, openId, ownerShown }) {
    const { id } = conversation;
    const count = id === openId ? 0 : unread(id);
    let link = this.#links.get(id);
    const print = `${count} ${ownerShown} ${this.#inWriting(conversation)}`;
    if (link && this.#prints.get(id) === print) return link;
    if (!link) {
      link = make("a", { href: hashOf(id), class: "row", tabindex: "-1", "data-id": id });
      make("li", null, link);
      this.#links.set(id, link);
    }
    this.#prints.set(id, print);
    this.#places.set(id, conversation.handoff);
    const { found } = conversation;
    link.setAttribute("href", found ? hashAt(id, found.message_id) : hashOf(id));
    link.dataset.standing = standing(conversation, userId);
    fill(link, ...rowContent(conversation, userId, count, ownerShown));
    return link;
  }

  /** @param {object} conversation */
  #inWriting(conversation) {
    const known = this.#written.get(conversation);
    if (known !== undefined) return known;
    const written = JSON.stringify(conversation);
    this.#written.set(conversation, written);
    return written;
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const links = [...this.#rows.querySelectorAll("a")];
    const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 };
    const target = links[to[event.key]];
    if (!target || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    for (const link of links) link.tabIndex = link === target ? 0 : -1;
    target.focus();
  }

  /** @param {string|null} openId */
  #keepOneTabStop(openId) {
    const focused = this.#rows.contains(document.activeElement)
      ? document.activeElement?.closest("a")
      : null;
    const open = openId ? this.#links.get(openId) : null;
    const stop = focused ?? open ?? this.#rows.querySelector("a");
    for (const link of this.#rows.querySelectorAll('a[tabindex="0"]')) {
      if (link !== stop) link.setAttribute("tabindex", "-1");
    }
    stop?.setAttribute("tabindex", "0");
  }
}

customElements.define("conversation-list", ConversationList);
