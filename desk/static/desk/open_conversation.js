// @ts-check
/** The one conversation on the screen: its transcript, what is being sent, and the agent's actions on it. */

import { ApiError, get, inWords, post } from "../staff/api.js";
import { mergeMessages, withUnsent } from "../staff/transcript.js";
import { isNewer } from "./views.js";

/** @typedef {import("../staff/types.js").Conversation} Conversation */
/** @typedef {import("../staff/types.js").ConversationDetail} ConversationDetail */
/** @typedef {import("../staff/types.js").Message} Message */
/** @typedef {import("../staff/types.js").User} User */
/** @typedef {import("./drafts.js").Tab} Tab */
/** @typedef {import("./drafts.js").Unsent} Unsent */

const TYPING_SHOWN_MS = 5_000;

/** Fires `change`. */
export class OpenConversation extends EventTarget {
  /** @type {ConversationDetail|null} */
  detail = null;
  /** @type {string|null} why it could not be loaded */
  problem = null;
  /** @type {string|null} something the agent should know, such as a lost claim */
  notice = null;
  /** @type {string|null} who is typing */
  typing = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #typingTimer;
  #closed = new AbortController();
  #reloadAsked = false;
  #loading = false;

  /**
   * @param {string} id
   * @param {{user: User, drafts: import("./drafts.js").Drafts}} context
   */
  constructor(id, { user, drafts }) {
    super();
    this.id = id;
    this.user = user;
    this.drafts = drafts;
    // What was under way when the page was closed may or may not have arrived: retrying is safe, by its uuid.
    /** @type {Unsent[]} */
    this.unsent = drafts.unsent(id).map((one) => ({
      ...one,
      problem: one.problem ?? "The page was closed before it was confirmed.",
    }));
  }

  close() {
    this.#closed.abort();
    clearTimeout(this.#typingTimer);
  }

  /** Asked for twice while under way, it runs once more at the end: the later ask may know something new. */
  async load() {
    if (this.#loading) {
      this.#reloadAsked = true;
      return;
    }
    this.#loading = true;
    try {
      do {
        this.#reloadAsked = false;
        await this.#fetch();
      } while (this.#reloadAsked && !this.#closed.signal.aborted);
    } finally {
      this.#loading = false;
    }
  }

  async #fetch() {
    try {
      const path = `conversations/${encodeURIComponent(this.id)}`;
      /** @type {ConversationDetail} */
      const fetched = await get(path, { signal: this.#closed.signal });
      const messages = mergeMessages(this.detail?.messages ?? [], fetched.messages);
      this.detail = isNewer(this.detail ?? undefined, fetched)
        ? { ...fetched, messages }
        : { .../** @type {ConversationDetail} */ (this.detail), messages };
      this.problem = null;
      this.#forgetArrived();
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.problem = inWords(error);
    }
    this.#changed();
  }

  get messages() {
    return withUnsent(this.detail?.messages ?? [], this.unsent.map((one) => this.#asMessage(one)));
  }

  /** @param {Conversation} conversation */
  apply(conversation) {
    if (!this.detail || !isNewer(this.detail, conversation)) return;
    const ownerChanged = conversation.owner_epoch !== this.detail.owner_epoch ||
      conversation.handoff?.state !== this.detail.handoff?.state;
    const { state, agent, owner_epoch, updated_at } = conversation;
    this.detail = { ...this.detail, state, agent, owner_epoch, updated_at };
    this.#changed();
    if (ownerChanged) this.load();
  }

  /** @param {Message} message */
  applyMessage(message) {
    if (!this.detail) return;
    if (message.author === "customer") this.#setTyping(null);
    this.detail = { ...this.detail, messages: mergeMessages(this.detail.messages, [message]) };
    this.#changed();
  }

  /** @param {string|null} name */
  showTyping(name) {
    this.#setTyping(name);
    this.#changed();
  }

  /** @param {string|null} name */
  #setTyping(name) {
    clearTimeout(this.#typingTimer);
    this.typing = name;
    if (name) this.#typingTimer = setTimeout(() => this.showTyping(null), TYPING_SHOWN_MS);
  }

  /**
   * @param {Tab} tab
   * @param {string} text
   */
  send(tab, text) {
    const created_at = new Date().toISOString();
    return this.#deliver({ id: crypto.randomUUID(), tab, text, created_at, problem: null });
  }

  /** @param {string} id */
  retry(id) {
    const item = this.unsent.find((one) => one.id === id);
    if (item) this.#deliver({ ...item, problem: null });
  }

  /** @param {string} id */
  discard(id) {
    this.#keepUnsent(this.unsent.filter((one) => one.id !== id));
  }

  /** @param {Unsent} item */
  async #deliver(item) {
    const others = () => this.unsent.filter((one) => one.id !== item.id);
    this.#keepUnsent([...others(), item]);
    try {
      const message = await post(this.#path(item.tab === "note" ? "notes" : "messages"), {
        id: item.id,
        text: item.text,
      });
      this.unsent = others();
      this.drafts.keepUnsent(this.id, this.unsent);
      this.applyMessage(message);
    } catch (error) {
      this.#keepUnsent([...others(), { ...item, problem: inWords(error) }]);
      if (error instanceof ApiError && error.status === 409) this.load();
    }
  }

  /** A signal only: nobody needs to hear that it was lost. */
  sendTyping() {
    post(this.#path("typing")).catch(() => {});
  }

  /** @returns {Promise<boolean>} whether this agent won it */
  async claim() {
    this.notice = null;
    try {
      await post(this.#path("claim"));
      await this.load();
      return true;
    } catch (error) {
      this.notice = lostClaim(error);
      this.#changed();
      await this.load();
      return false;
    }
  }

  /**
   * @param {"return"|"transfer"|"resolve"} verb
   * @param {Record<string, unknown>} [body]
   */
  async act(verb, body) {
    this.notice = null;
    await post(this.#path(verb), body);
    await this.load();
  }

  /** @param {string} words */
  tell(words) {
    this.notice = words;
    this.#changed();
  }

  #forgetArrived() {
    const arrived = new Set(this.detail?.messages.map((message) => message.client_id));
    this.unsent = this.unsent.filter((one) => !arrived.has(one.id));
    this.drafts.keepUnsent(this.id, this.unsent);
  }

  /** @param {Unsent[]} items */
  #keepUnsent(items) {
    this.unsent = items;
    this.drafts.keepUnsent(this.id, items);
    this.#changed();
  }

  /**
   * @param {Unsent} item
   * @returns {Message}
   */
  #asMessage({ id, tab, text, created_at, problem }) {
    return {
      id,
      seq: Number.MAX_SAFE_INTEGER,
      turn_id: null,
      author: "agent",
      author_name: this.user.name,
      text,
      buttons: [],
      channel: this.detail?.channel ?? "",
      created_at,
      in_reply_to: null,
      private: tab === "note",
      delivery: problem === null ? "sending" : "failed",
      problem: problem ?? undefined,
    };
  }

  /** @param {string} verb */
  #path(verb) {
    return `conversations/${encodeURIComponent(this.id)}/${verb}`;
  }

  #changed() {
    if (!this.#closed.signal.aborted) this.dispatchEvent(new Event("change"));
  }
}

/** @param {unknown} error */
function lostClaim(error) {
  if (error instanceof ApiError && error.code === "already_claimed") {
    return `Already claimed by ${error.detail?.agent?.name ?? "another agent"}.`;
  }
  return inWords(error);
}
