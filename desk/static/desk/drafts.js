// @ts-check
/** What an agent has typed or sent unconfirmed, kept per conversation so that no reload loses a word. */

/** @typedef {"reply"|"note"} Tab */
/** @typedef {Pick<Storage, "getItem"|"setItem"|"removeItem">} Shelf */
/** @typedef {{id: string, name: string, content_type: string, size: number}} AddedFile */
/**
 * @typedef {{id: string, tab: Tab, text: string, created_at: string, problem: string|null,
 *   suggestion?: string|null, files?: AddedFile[]}} Unsent
 * `problem` is null while it is being sent; `suggestion` is what it was made of.
 */

export class Drafts {
  /**
   * Two agents on one computer must not find each other's drafts.
   *
   * @param {Shelf} shelf
   * @param {string} userId
   */
  constructor(shelf, userId) {
    this.shelf = shelf;
    this.prefix = `warmline.desk.${userId}`;
  }

  /**
   * @param {string} conversationId
   * @param {Tab} tab
   */
  read(conversationId, tab) {
    return this.#get(`draft.${tab}.${conversationId}`) ?? "";
  }

  /**
   * @param {string} conversationId
   * @param {Tab} tab
   * @param {string} text
   */
  write(conversationId, tab, text) {
    this.#set(`draft.${tab}.${conversationId}`, text === "" ? null : text);
  }

  /** The view the agent worked in last. */
  get view() {
    return this.#get("view") ?? "";
  }

  set view(view) {
    this.#set("view", view);
  }

  /**
   * @param {string} conversationId
   * @returns {Unsent[]}
   */
  unsent(conversationId) {
    try {
      return JSON.parse(this.#get(`unsent.${conversationId}`) ?? "[]");
    } catch {
      return [];
    }
  }

  /**
   * @param {string} conversationId
   * @param {Unsent[]} items
   */
  keepUnsent(conversationId, items) {
    this.#set(`unsent.${conversationId}`, items.length === 0 ? null : JSON.stringify(items));
  }

  /**
   * The files that are to go with the reply.
   *
   * @param {string} conversationId
   * @returns {AddedFile[]}
   */
  files(conversationId) {
    try {
      return JSON.parse(this.#get(`files.${conversationId}`) ?? "[]");
    } catch {
      return [];
    }
  }

  /**
   * @param {string} conversationId
   * @param {AddedFile[]} files
   */
  keepFiles(conversationId, files) {
    this.#set(`files.${conversationId}`, files.length === 0 ? null : JSON.stringify(files));
  }

  /** @param {string} key */
  #get(key) {
    try {
      return this.shelf.getItem(`${this.prefix}.${key}`);
    } catch {
      // Storage can be forbidden or full; the desk then works, without a memory.
      return null;
    }
  }

  /**
   * @param {string} key
   * @param {string|null} value
   */
  #set(key, value) {
    const name = `${this.prefix}.${key}`;
    try {
      if (value === null) this.shelf.removeItem(name);
      else this.shelf.setItem(name, value);
    } catch {
      // As above.
    }
  }
}
