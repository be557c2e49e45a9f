// @ts-check
/** How many messages of each customer an agent has not looked at; survives reloads, and stays small. */

/** @typedef {import("../staff/types.js").Message} Message */
/** @typedef {Pick<Storage, "getItem"|"setItem">} Shelf */
/** @typedef {{seen: number, last: number, count: number}} Mark by seq: looked at, counted up to, how many */

const KEPT = 300;

export class Unread {
  /**
   * @param {Shelf} shelf
   * @param {string} userId
   */
  constructor(shelf, userId) {
    this.shelf = shelf;
    this.key = `warmline.desk.${userId}.unread`;
    /** @type {Map<string, Mark>} */
    this.marks = new Map();
    try {
      this.marks = new Map(JSON.parse(shelf.getItem(this.key) ?? "[]"));
    } catch {
      // Unreadable or forbidden storage: start with nothing unread.
    }
  }

  /**
   * @param {string} conversationId
   * @param {Pick<Message, "seq"|"author">} message
   */
  arrived(conversationId, { seq, author }) {
    const mark = this.marks.get(conversationId) ?? { seen: 0, last: 0, count: 0 };
    if (seq <= mark.last || seq <= mark.seen) return;
    const count = author === "customer" ? mark.count + 1 : mark.count;
    this.#keep(conversationId, { ...mark, last: seq, count });
  }

  /**
   * @param {string} conversationId
   * @param {number} seq everything up to here is on the screen
   */
  looked(conversationId, seq) {
    const mark = this.marks.get(conversationId);
    if (mark && mark.seen >= seq && mark.count === 0) return;
    this.#keep(conversationId, { seen: seq, last: seq, count: 0 });
  }

  /** @param {string} conversationId */
  count(conversationId) {
    return this.marks.get(conversationId)?.count ?? 0;
  }

  /**
   * @param {string} conversationId
   * @param {Mark} mark
   */
  #keep(conversationId, mark) {
    // Deleting first moves it to the end: the oldest marks are the ones dropped.
    this.marks.delete(conversationId);
    this.marks.set(conversationId, mark);
    try {
      this.shelf.setItem(this.key, JSON.stringify([...this.marks].slice(-KEPT)));
    } catch {
      // Full or forbidden storage: the badge is then right until the reload.
    }
  }
}
