// @ts-check
/** What the agent sent into one conversation and the server has not confirmed: kept across reloads, retried by its uuid. */

import { ApiError, inWords, post } from "../staff/api.js";

/** @typedef {import("../staff/types.js").Message} Message */
/** @typedef {import("./drafts.js").Tab} Tab */
/** @typedef {import("./drafts.js").Unsent} Item */

/** Fires `change`, `sent` (detail = the server's message) and `refused` when the owner is somebody else by now. */
export class UnsentMessages extends EventTarget {
  /** @type {Item[]} */
  #items;
  /** @type {Set<string>} uuids that came back, also where the answer itself was lost */
  #arrived = new Set();

  /**
   * @param {string} conversationId
   * @param {import("./drafts.js").Drafts} drafts
   */
  constructor(conversationId, drafts) {
    super();
    this.conversationId = conversationId;
    this.drafts = drafts;
    // What was under way when the page was closed may or may not have arrived: retrying is safe.
    this.#items = drafts.unsent(conversationId).map((one) => ({
      ...one,
      problem: one.problem ?? "The page was closed before it was confirmed.",
    }));
  }

  /**
   * @param {Tab} tab
   * @param {string} text
   * @param {string|null} [suggestion] the suggested reply that it was made of
   * @param {import("./drafts.js").AddedFile[]} [files]
   */
  send(tab, text, suggestion = null, files = []) {
    const created_at = new Date().toISOString();
    const id = crypto.randomUUID();
    return this.#deliver({ id, tab, text, created_at, problem: null, suggestion, files });
  }

  /** @param {string} id */
  retry(id) {
    const item = this.#items.find((one) => one.id === id);
    if (item) this.#deliver({ ...item, problem: null });
  }

  /** @param {string} id */
  discard(id) {
    this.#keep(this.#without(id));
  }

  /** @param {readonly Message[]} confirmed */
  forget(confirmed) {
    for (const { client_id } of confirmed) if (client_id) this.#arrived.add(client_id);
    const left = this.#items.filter((one) => !this.#arrived.has(one.id));
    if (left.length < this.#items.length) this.#keep(left);
  }

  /**
   * As lines of the transcript, after everything confirmed.
   *
   * @param {{name: string, channel: string}} as
   * @returns {Message[]}
   */
  messages({ name, channel }) {
    return this.#items.map(({ id, tab, text, created_at, problem, files = [] }) => ({
      id,
      seq: Number.MAX_SAFE_INTEGER,
      turn_id: null,
      author: "agent",
      author_name: name,
      text,
      buttons: [],
      channel,
      created_at,
      in_reply_to: null,
      private: tab === "note",
      client_id: id,
      event: null,
      about: null,
      image: null,
      attachments: files.map((file) => ({
        kind: file.content_type.startsWith("image/") ? "image" : "file",
        name: file.name,
        content_type: file.content_type,
        size: file.size,
        latitude: null,
        longitude: null,
        url: null,
      })),
      delivery: null,
      unsent: problem === null ? "sending" : "failed",
      problem: problem ?? undefined,
    }));
  }

  /** @param {Item} item */
  async #deliver(item) {
    this.#keep([...this.#without(item.id), item]);
    const verb = item.tab === "note" ? "notes" : "messages";
    try {
      const path = `conversations/${encodeURIComponent(this.conversationId)}/${verb}`;
      const body = { id: item.id, text: item.text };
      const made = item.suggestion ? { suggestion_id: item.suggestion } : {};
      const files = item.files?.length ? { files: item.files.map(({ id }) => id) } : {};
      const message = await post(path, { ...body, ...made, ...files });
      this.dispatchEvent(new CustomEvent("sent", { detail: message }));
    } catch (error) {
      if (this.#arrived.has(item.id)) return;
      this.#keep([...this.#without(item.id), { ...item, problem: inWords(error) }]);
      if (error instanceof ApiError && error.status === 409) {
        this.dispatchEvent(new Event("refused"));
      }
    }
  }

  /** @param {string} id */
  #without(id) {
    return this.#items.filter((one) => one.id !== id);
  }

  /** @param {Item[]} items */
  #keep(items) {
    this.#items = items;
    this.drafts.keepUnsent(this.conversationId, items);
    this.dispatchEvent(new Event("change"));
  }
}
