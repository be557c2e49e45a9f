// @ts-check
/** The files of each conversation's draft: uploaded as they are added, kept across reloads once they are there. */

import { inWords } from "../staff/api.js";
import { upload } from "../staff/upload.js";

/** @typedef {import("./drafts.js").AddedFile} AddedFile */
/**
 * @typedef {object} Adding a file that is not there yet, or will not be
 * @property {string} key
 * @property {string} name
 * @property {number} size
 * @property {number} share how much of it is uploaded, from 0 to 1
 * @property {string|null} problem
 * @property {AbortController} stop
 */

export const LARGEST = 5_000_000;
export const MOST = 5;

/** Fires `change`. */
export class Attaching extends EventTarget {
  /** @type {Map<string, Adding[]>} */
  #adding = new Map();
  #drafts;
  #upload;

  /**
   * @param {import("./drafts.js").Drafts} drafts
   * @param {typeof upload} [send]
   */
  constructor(drafts, send = upload) {
    super();
    this.#drafts = drafts;
    this.#upload = send;
  }

  /** @param {string} conversationId */
  added(conversationId) {
    return this.#drafts.files(conversationId);
  }

  /** @param {string} conversationId */
  adding(conversationId) {
    return this.#adding.get(conversationId) ?? [];
  }

  /** @param {string} conversationId whether what is written can go */
  isReady(conversationId) {
    return this.adding(conversationId).length === 0;
  }

  /**
   * @param {string} conversationId
   * @param {Iterable<File>} files
   */
  add(conversationId, files) {
    for (const file of files) this.#addOne(conversationId, file);
  }

  /**
   * @param {string} conversationId
   * @param {string} key of one that is being added, or the id of one that is there
   */
  remove(conversationId, key) {
    this.adding(conversationId).find((one) => one.key === key)?.stop.abort();
    this.#forget(conversationId, key);
    const left = this.added(conversationId).filter((one) => one.id !== key);
    this.#drafts.keepFiles(conversationId, left);
    this.#changed();
  }

  /**
   * @param {string} conversationId
   * @returns {AddedFile[]} what was there, to be sent now
   */
  take(conversationId) {
    const files = this.added(conversationId);
    this.#drafts.keepFiles(conversationId, []);
    this.#changed();
    return files;
  }

  /**
   * @param {string} conversationId
   * @param {File} file
   */
  async #addOne(conversationId, file) {
    const name = file.name || "picture.png"; // what is pasted may have none
    /** @type {Adding} */
    const one = {
      key: crypto.randomUUID(),
      name,
      size: file.size,
      share: 0,
      problem: null,
      stop: new AbortController(),
    };
    const many = this.added(conversationId).length + this.adding(conversationId).length;
    this.#adding.set(conversationId, [...this.adding(conversationId), one]);
    if (many >= MOST) one.problem = `At most ${MOST} files can be sent at once.`;
    else if (file.size > LARGEST) one.problem = "Too large: at most 5 MB can be sent.";
    this.#changed();
    if (one.problem) return;
    try {
      const path = `conversations/${encodeURIComponent(conversationId)}/files?name=` +
        encodeURIComponent(name);
      const progress = (/** @type {number} */ share) => {
        one.share = share;
        this.#changed();
      };
      /** @type {AddedFile} */
      const { id, name: called, content_type, size } = await this.#upload(path, file, {
        progress,
        signal: one.stop.signal,
      });
      if (one.stop.signal.aborted) return;
      this.#forget(conversationId, one.key);
      const files = [...this.added(conversationId), { id, name: called, content_type, size }];
      this.#drafts.keepFiles(conversationId, files);
    } catch (error) {
      one.problem = inWords(error);
    }
    this.#changed();
  }

  /**
   * @param {string} conversationId
   * @param {string} key
   */
  #forget(conversationId, key) {
    const left = this.adding(conversationId).filter((one) => one.key !== key);
    if (left.length > 0) this.#adding.set(conversationId, left);
    else this.#adding.delete(conversationId);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
