// @ts-check
/** The one conversation on the screen: its transcript, what is being sent, and the agent's actions on it. */

import { ApiError, get, inWords, post, remove } from "../staff/api.js";
import { mergeMessages, withReceipt, withUnsent } from "../staff/transcript.js";
import { Alongside } from "./alongside.js";
import { UnsentMessages } from "./unsent.js";
import { isNewer } from "./views.js";

/** @typedef {import("../staff/types.js").Conversation} Conversation */
/** @typedef {import("../staff/types.js").ConversationDetail} ConversationDetail */
/** @typedef {import("../staff/types.js").Message} Message */
/** @typedef {import("../staff/types.js").Receipt} Receipt */
/** @typedef {import("../staff/types.js").Signal} Signal */
/** @typedef {import("../staff/types.js").User} User */

const TYPING_SHOWN_MS = 5_000;
const RELOADS = new Set([
  "contact_noted",
  "called_back",
  "opt_out",
  "approved",
  "refused",
  "declined",
  "survey",
  "block",
  "blocked",
]);

/** Fires `change`. */
export class OpenConversation extends EventTarget {
  /** @type {ConversationDetail|null} */
  detail = null;
  /** @type {string|null} why it could not be loaded */
  problem = null;
  /** @type {string|null} something the agent should know, such as a lost claim */
  notice = null;
  /** @type {Record<string, unknown>|null} what the shop knows of the customer, once it said so */
  profile = null;
  /** @type {string|null} who is typing */
  typing = null;
  /** @type {string|null} the prepared change that is being decided on */
  deciding = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #typingTimer;
  #closed = new AbortController();
  #reloadAsked = false;
  #loading = false;
  /** @type {Receipt[]} told during a fetch, whose answer may not know them yet */
  #receipts = [];
  /** @type {Signal[]|null} the same */
  #signals = null;

  /**
   * @param {string} id
   * @param {{user: User, drafts: import("./drafts.js").Drafts}} context
   */
  constructor(id, { user, drafts }) {
    super();
    this.id = id;
    this.user = user;
    this.drafts = drafts;
    this.unsent = new UnsentMessages(id, drafts);
    /** @type {Alongside<import("../staff/types.js").SummaryLine>} */
    this.summary = new Alongside(this.#path("summary"));
    /** @type {Alongside<import("../staff/types.js").Suggestion>} */
    this.suggestions = new Alongside(this.#path("suggestions"));
    this.suggestions.addEventListener("change", () => this.#changed());
    this.summary.addEventListener("change", () => this.#changed());
    this.unsent.addEventListener("change", () => this.#changed());
    this.unsent.addEventListener("sent", (event) => {
      this.applyMessage(/** @type {CustomEvent} */ (event).detail);
    });
    this.unsent.addEventListener("refused", () => this.load());
  }

  close() {
    this.#closed.abort();
    this.summary.close();
    this.suggestions.close();
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
    this.#receipts = [];
    this.#signals = null;
    try {
      const path = `conversations/${encodeURIComponent(this.id)}`;
      /** @type {ConversationDetail} */
      const fetched = await get(path, { signal: this.#closed.signal });
      const merged = mergeMessages(this.detail?.messages ?? [], fetched.messages);
      const messages = this.#receipts.reduce(withReceipt, merged);
      this.detail = isNewer(this.detail ?? undefined, fetched)
        ? { ...fetched, messages }
        : { .../** @type {ConversationDetail} */ (this.detail), messages };
      this.#showSignals(this.#signals);
      this.problem = null;
      this.unsent.forget(messages);
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.problem = inWords(error);
    }
    this.#changed();
  }

  get messages() {
    const as = { name: this.user.name, channel: this.detail?.channel ?? "" };
    return withUnsent(this.detail?.messages ?? [], this.unsent.messages(as));
  }

  /** @param {Conversation} conversation */
  apply(conversation) {
    if (!this.detail || !isNewer(this.detail, conversation)) return;
    const ownerChanged = conversation.owner_epoch !== this.detail.owner_epoch ||
      conversation.handoff?.state !== this.detail.handoff?.state;
    const { state, agent, owner_epoch, updated_at, snoozed, mentions, tags } = conversation;
    const card = this.detail.handoff;
    const handoff = card && conversation.handoff?.id === card.id
      ? { ...card, ...conversation.handoff }
      : card;
    this.detail = {
      ...this.detail,
      state,
      agent,
      owner_epoch,
      updated_at,
      handoff,
      snoozed,
      mentions,
      tags,
    };
    this.#changed();
    if (ownerChanged) this.load();
  }

  /** @param {Message} message */
  applyMessage(message) {
    if (!this.detail) return;
    if (message.author === "customer") this.#setTyping(null);
    this.detail = { ...this.detail, messages: mergeMessages(this.detail.messages, [message]) };
    this.unsent.forget([message]);
    this.#changed();
    // With it, what waited for the customer was dropped, or something on the card was decided.
    if (RELOADS.has(message.event ?? "")) this.load();
  }

  /** @param {Record<string, unknown>|null} profile */
  learn(profile) {
    this.profile = profile;
    this.#changed();
  }

  /** @param {Signal[]} signals */
  applySignals(signals) {
    if (this.#loading) this.#signals = signals;
    this.#showSignals(signals);
    this.#changed();
  }

  /** @param {Signal[]|null} signals */
  #showSignals(signals) {
    if (!signals || !this.detail?.handoff) return;
    this.detail = { ...this.detail, handoff: { ...this.detail.handoff, signals } };
  }

  /** @param {Receipt} receipt */
  applyReceipt(receipt) {
    if (this.#loading) this.#receipts.push(receipt);
    if (!this.detail) return;
    this.detail = { ...this.detail, messages: withReceipt(this.detail.messages, receipt) };
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
   * @param {"return"|"transfer"|"resolve"|"called-back"|"take-over"|"block"} verb
   * @param {Record<string, unknown>} [body]
   */
  async act(verb, body) {
    this.notice = null;
    await post(this.#path(verb), body);
    await this.load();
  }

  /**
   * One at a time: a second click while the first is under way does nothing.
   *
   * @param {import("./conversation_thread.js").Decision} verb
   * @param {string} id the prepared change's
   * @returns {Promise<import("../staff/types.js").Prepared|null>} as it is then
   */
  async decide(verb, id) {
    if (this.deciding) return null;
    this.notice = null;
    this.deciding = id;
    this.#changed();
    try {
      /** @type {ConversationDetail} */
      const decided = await post(this.#path(`prepared/${encodeURIComponent(id)}/${verb}`));
      return decided.handoff?.prepared.find((one) => one.id === id) ?? null;
    } finally {
      this.deciding = null;
      await this.load();
    }
  }

  /** @param {string|null} until */
  async snooze(until) {
    this.notice = null;
    await post(this.#path("snooze"), { until });
    await this.load();
  }

  /** Once for each time; should it get lost, the badge stays until the next look. */
  looked() {
    const { detail, user } = this;
    if (!detail?.mentions.includes(user.id)) return;
    this.detail = { ...detail, mentions: detail.mentions.filter((id) => id !== user.id) };
    remove(this.#path("mentions")).catch(() => {});
  }

  async endSnooze() {
    this.notice = null;
    await remove(this.#path("snooze"));
    await this.load();
  }

  async liftBlock() {
    const { block } = this.detail ?? {};
    if (!block) return;
    this.notice = null;
    await remove(`blocks/${encodeURIComponent(block.id)}`);
    await this.load();
  }

  /** @param {string} priority */
  async prioritise(priority) {
    this.notice = null;
    await post(this.#path("priority"), { priority });
    await this.load();
  }

  /**
   * Counted only: an agent who takes it need not hear that it was not.
   *
   * @param {import("../staff/types.js").Suggestion} suggestion
   */
  took({ id }) {
    post(this.#path(`suggestions/${encodeURIComponent(id)}/insert`)).catch(() => {});
  }

  /** @param {string} words */
  tell(words) {
    this.notice = words;
    this.#changed();
  }

  /** @param {string} verb */
  #path(verb) {
    return `conversations/${encodeURIComponent(this.id)}/${verb}`;
  }

  #changed() {
    if (this.#closed.signal.aborted) return;
    const asked = this.detail?.messages.findLast((one) => one.author === "customer");
    if (this.detail?.handoff) this.summary.follow(`${this.detail.handoff.id} ${asked?.id}`);
    if (this.toAnswer) this.suggestions.follow(this.toAnswer.id);
    this.dispatchEvent(new Event("change"));
  }

  /** The customer's newest message, as long as this agent is to answer it and did not. */
  get toAnswer() {
    const detail = this.detail;
    if (detail?.state !== "agent" || detail.agent?.id !== this.user.id) return null;
    const newest = this.messages.findLast((one) =>
      !one.private && (one.author === "agent" || (one.author === "customer" && one.event === null))
    );
    return newest?.author === "customer" ? newest : null;
  }
}

/** @param {unknown} error */
function lostClaim(error) {
  if (error instanceof ApiError && error.code === "already_claimed") {
    return `Already claimed by ${error.detail?.agent?.name ?? "another agent"}.`;
  }
  return inWords(error);
}
