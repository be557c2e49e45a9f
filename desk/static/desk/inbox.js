// @ts-check
/** All conversations the desk knows, kept fresh by fetches and live frames; fires `change`. */

import { get, inWords } from "../staff/api.js";
import { isNewer, viewOf } from "./views.js";

/** @typedef {import("../staff/types.js").Conversation} Conversation */
/** @typedef {import("../staff/types.js").ConversationState} ConversationState */
/** @typedef {import("../staff/types.js").Message} Message */
/** @typedef {import("../staff/types.js").Page<Conversation>} ConversationPage */

/** @type {Record<ConversationState, number>} */
const FIRST_PAGE = { waiting: 200, agent: 200, bot: 50, resolved: 50 };
const NEXT_PAGE = 200;
const STATES = /** @type {ConversationState[]} */ (Object.keys(FIRST_PAGE));

export class Inbox extends EventTarget {
  /** @type {Map<string, Conversation>} */
  conversations = new Map();
  /** @type {Partial<Record<ConversationState, string|null>>} the cursor after what is loaded */
  #next = {};
  /** @type {string|null} */
  problem = null;
  loaded = false;
  #round = 0;

  /** Fetches the first pages anew; what is gone from them but not newer goes from here too. */
  async load() {
    const round = ++this.#round;
    const before = new Map(this.conversations);
    try {
      const [mentions, ...pages] = await Promise.all([
        get("conversations?mentioned=me&limit=200"),
        ...STATES.map((state) => this.#page(state, null)),
      ]);
      if (round !== this.#round) return;
      const fetched = new Map(
        [mentions, ...pages].flatMap(({ items }) => items).map((one) => [one.id, one]),
      );
      for (const [id, known] of this.conversations) {
        const changedMeanwhile = before.get(id) !== known;
        const other = fetched.get(id);
        // Equally new, what came meanwhile is newer: an offer is no change of the conversation's.
        const keep = changedMeanwhile
          ? !other || isNewer(other, known)
          : other && !isNewer(known, other);
        if (keep) fetched.set(id, known);
      }
      this.conversations = fetched;
      STATES.forEach((state, index) => (this.#next[state] = pages[index].next));
      this.problem = null;
      this.loaded = true;
    } catch (error) {
      if (round !== this.#round) return;
      this.problem = inWords(error);
    }
    this.#changed();
  }

  /** @param {import("./views.js").View} view */
  hasMore(view) {
    return viewOf(view).states.some((state) => this.#next[state]);
  }

  /** @param {import("./views.js").View} view */
  async loadMore(view) {
    const round = this.#round;
    const states = viewOf(view).states.filter((state) => this.#next[state]);
    const pages = await Promise.all(states.map((s) => this.#page(s, this.#next[s] ?? null)));
    if (round !== this.#round) return;
    states.forEach((state, index) => (this.#next[state] = pages[index].next));
    for (const conversation of pages.flatMap((page) => page.items)) this.#put(conversation);
    this.#changed();
  }

  /** @param {Conversation} conversation */
  apply(conversation) {
    if (this.#put(conversation)) this.#changed();
  }

  /**
   * @param {string} conversationId
   * @param {Message} message
   */
  applyMessage(conversationId, message) {
    const known = this.conversations.get(conversationId);
    // The list speaks of what customer and answerer said, as the server's `last_message` does.
    if (message.private || message.author === "system") return;
    if (!known || (known.last_message?.seq ?? -1) >= message.seq) return;
    const updated_at = message.created_at > known.updated_at
      ? message.created_at
      : known.updated_at;
    this.conversations.set(conversationId, { ...known, last_message: message, updated_at });
    this.#changed();
  }

  /** @param {Conversation} conversation */
  #put(conversation) {
    const known = this.conversations.get(conversation.id);
    if (!isNewer(known, conversation)) return false;
    this.conversations.set(conversation.id, conversation);
    return true;
  }

  /**
   * @param {ConversationState} state
   * @param {string|null} cursor
   * @returns {Promise<ConversationPage>}
   */
  #page(state, cursor) {
    const query = new URLSearchParams({
      state,
      limit: String(cursor ? NEXT_PAGE : FIRST_PAGE[state]),
    });
    if (cursor) query.set("cursor", cursor);
    return get(`conversations?${query}`);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
