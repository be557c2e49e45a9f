// @ts-check
/** How an agent wants to be called, kept in this browser: nothing, until they ask for it. */

/** @typedef {"notify"|"sound"|"text"} Wish */
/** @typedef {Pick<Storage, "getItem"|"setItem">} Shelf */

export class AlertWishes {
  /**
   * @param {Shelf} shelf
   * @param {string} userId
   */
  constructor(shelf, userId) {
    this.shelf = shelf;
    this.key = `warmline.desk.${userId}.alerts`;
    /** @type {Set<Wish>} for where nothing can be kept */
    this.own = new Set();
  }

  /** Read anew each time: it may have been changed in another window. */
  get wanted() {
    try {
      const kept = this.shelf.getItem(this.key);
      if (kept !== null) return new Set(/** @type {Wish[]} */ (JSON.parse(kept)));
    } catch {
      // Unreadable or forbidden storage.
    }
    return this.own;
  }

  /**
   * @param {Wish} wish
   * @param {boolean} on
   */
  set(wish, on) {
    this.own = new Set(this.wanted);
    if (on) this.own.add(wish);
    else this.own.delete(wish);
    try {
      this.shelf.setItem(this.key, JSON.stringify([...this.own]));
    } catch {
      // It holds until the reload then.
    }
  }
}
