// @ts-check
/** One customer's chat: brings together session, transport, timeline and outbox, and tells the page when something changed. */
import { request } from "./api.js";
import { entriesOf } from "./entries.js";
import { Outbox } from "./outbox.js";
import { Session } from "./session.js";
import { Store } from "./storage.js";
import { Timeline } from "./timeline.js";
import { Transport } from "./transport.js";
import { Ways } from "./ways.js";

/** @typedef {import("./model.js").Conversation} Conversation */
/** @typedef {import("./model.js").Frame} Frame */
/** @typedef {import("./model.js").Message} Message */

const TYPING_LASTS_MS = 5_500;
const TYPING_EVERY_MS = 3_000;
const HISTORY_WITHIN_MS = 1_500;

export class Chat {
  /** @type {import("./model.js").ConnectionState} */
  connection = "connecting";
  /** @type {Conversation | null} */
  conversation = null;
  /** Whether the history is here, so that what comes next is news. */
  loaded = false;
  #store;
  #session;
  #outbox;
  #transport;
  #onChange;
  #timeline = new Timeline();
  /** How far the transport has told the story without a gap; answers to requests do not count. */
  #heard = 0;
  /** @type {{author: "bot" | "agent", name: string, until: number}} */
  #typing = { author: "bot", name: "", until: 0 };
  #typedAt = 0;

  /**
   * @param {object} parts
   * @param {string} parts.owner  whose corner of the storage this is
   * @param {string | null} parts.customerToken
   * @param {() => void} parts.onChange
   */
  constructor({ owner, customerToken, onChange }) {
    this.#onChange = onChange;
    this.#store = new Store(owner);
    this.#session = new Session(this.#store, customerToken, request, () => this.#startOver());
    this.ways = new Ways((path, options) => this.#session.call(path, options));
    this.#outbox = new Outbox({
      store: this.#store,
      send: async ({ id, text, payload }) => {
        const body = payload === null ? { id, text } : { id, text, payload };
        const answer = await this.#session.call("/messages", { method: "POST", body });
        return answer.message;
      },
      onSent: (message) => this.#timeline.add(message),
      onChange,
    });
    this.#transport = new Transport({
      session: this.#session,
      after: () => this.#heard,
      onFrame: (frame) => this.#take(frame),
      onState: (state) => {
        this.connection = state;
        if (state === "connected") this.#outbox.retry();
        onChange();
      },
    });
  }

  start() {
    this.#transport.start();
    this.#outbox.retry();
  }

  stop() {
    this.#outbox.stop();
    this.#transport.stop();
  }

  get customerName() {
    return this.#session.customerName;
  }

  get draft() {
    return String(this.#store.get("draft") ?? "");
  }

  set draft(text) {
    this.#store.set("draft", text === "" ? null : text);
  }

  get lastSeq() {
    return this.#timeline.lastSeq;
  }

  get unread() {
    return this.loaded ? this.#timeline.unreadAfter(this.#seen) : 0;
  }

  /** The last sequence number read of this conversation, on this page or an earlier one. */
  get #seen() {
    const seen = this.#store.get("seen");
    return seen?.conversation === this.conversation?.id ? Number(seen?.seq ?? 0) : 0;
  }

  /** Who is typing right now, or null. */
  get typing() {
    const owner = this.conversation?.state ?? "bot";
    if (owner === this.#typing.author && Date.now() < this.#typing.until) return this.#typing.name;
    return owner === "bot" && this.conversation?.bot_typing ? "Warmline assistant" : null;
  }

  /** The transcript with what is on its way at its end. */
  get entries() {
    return entriesOf(this.#timeline.messages, this.#outbox.items);
  }

  /** @param {string} text @param {string | null} [payload] */
  send(text, payload = null) {
    this.#outbox.add(text, payload);
  }

  /** The version of the privacy notice that was agreed to on this page or an earlier one. */
  get agreedTo() {
    return this.#store.get("consent");
  }

  /** @param {string | null} version null takes it back */
  async consent(version) {
    await this.#session.call("/consent", { method: "POST", body: { version } });
    this.#store.set("consent", version);
  }

  /** @param {string} id */
  retry(id) {
    this.#outbox.retry(id);
    if (this.connection !== "connected") this.#transport.hurry();
  }

  /** @param {string} id */
  discard(id) {
    this.#outbox.discard(id);
  }

  /** @param {string} survey @param {import("./survey_panel.js").Answer} answer */
  async rate(survey, answer) {
    await this.#session.call("/survey", { method: "POST", body: { survey, ...answer } });
  }

  reconnect() {
    this.#transport.hurry();
  }

  /** Tells the other side that the customer is writing, now and then. */
  typed() {
    if (Date.now() - this.#typedAt < TYPING_EVERY_MS || this.connection !== "connected") return;
    this.#typedAt = Date.now();
    this.#hint("/typing", { type: "typing" });
  }

  /** Everything shown has been read. */
  markSeen() {
    const seq = this.#timeline.lastSeq;
    if (seq <= this.#seen) return;
    this.#store.set("seen", { conversation: this.conversation?.id, seq });
    this.#hint("/seen", { type: "seen", seq });
  }

  /**
   * Something that may get lost: by socket, else by a request nobody waits for.
   * @param {string} path
   * @param {{type: string, seq?: number}} frame
   */
  #hint(path, frame) {
    if (this.#transport.send(frame)) return;
    const { type: _, ...body } = frame;
    this.#session.call(path, { method: "POST", body }).catch(() => undefined);
  }

  /** @param {Frame} frame */
  #take(frame) {
    switch (frame.type) {
      case "ready":
      case "conversation":
        if (this.#changeConversation(frame.conversation)) return;
        if (frame.type === "ready") setTimeout(() => this.#arrived(), HISTORY_WITHIN_MS);
        break;
      case "message":
        if (frame.message.author === this.#typing.author) this.#typing.until = 0;
        this.#heard = Math.max(this.#heard, frame.message.seq);
        this.#timeline.add(frame.message);
        this.#settle(frame.message);
        break;
      case "typing":
        this.#typing = {
          author: frame.author,
          name: frame.name ?? (frame.author === "bot" ? "Warmline assistant" : "Support"),
          until: Date.now() + TYPING_LASTS_MS,
        };
        setTimeout(this.#onChange, TYPING_LASTS_MS + 50);
        break;
    }
    if (this.#heard >= (this.conversation?.last_seq ?? 0)) this.loaded = true;
    this.#onChange();
  }

  /**
   * Takes over the conversation's state; true when it is another conversation, whose messages have to come anew.
   * @param {Conversation | null} conversation
   */
  #changeConversation(conversation) {
    const former = this.conversation;
    const another = former !== null && former.id !== conversation?.id;
    if (another) this.#startOver();
    this.conversation = conversation;
    return another;
  }

  /** Another conversation or session: what is shown has to come anew. */
  #startOver() {
    this.#timeline.clear();
    this.#heard = 0;
    this.loaded = false;
    this.conversation = null;
    this.#transport.resync();
    this.#onChange();
  }

  /** A message of ours that came back has left the outbox, also when its own answer got lost. @param {Message} message */
  #settle(message) {
    const id = message.client_id;
    if (id && this.#outbox.items.some((item) => item.id === id)) this.#outbox.discard(id);
  }

  #arrived() {
    if (this.loaded) return;
    this.loaded = true;
    this.#onChange();
  }
}
