// @ts-check
/** The messages on the page: which is open, which are selected, and what leaves and comes back. */

/** @typedef {import("./review_words.js").ReviewItem} ReviewItem */

export class ReviewInbox {
  /** @type {readonly ReviewItem[]} */
  items = [];
  at = 0;
  /** @type {Set<string>} ids of turns */
  selected = new Set();
  #anchor = 0;

  /** @returns {ReviewItem|null} */
  get open() {
    return this.items[this.at] ?? null;
  }

  /** What the next label goes to. */
  get chosen() {
    if (this.selected.size > 0) return this.items.filter(({ turn }) => this.selected.has(turn.id));
    return this.open ? [this.open] : [];
  }

  /**
   * What is open stays open and as it was shown, also when others that say the same came, or it is
   * gone from the inbox: a label goes to what the lead reads.
   *
   * @param {readonly ReviewItem[]} items
   * @param {ReviewItem|null} kept a message that is not among those that wait, and stays
   */
  replace(items, kept) {
    const open = this.open;
    const others = kept ? items.filter(({ turn }) => turn.id !== kept.turn.id) : items;
    this.items = kept ? [kept, ...others] : [...others];
    if (open) this.#keepOpen(open);
    this.selected = new Set(
      [...this.selected].flatMap((id) => {
        const among = this.items.find(({ turn_ids: ids }) => ids.includes(id));
        return among ? [among.turn.id] : [];
      }),
    );
    this.go(this.at);
  }

  /** @param {ReviewItem} open */
  #keepOpen(open) {
    const items = [...this.items];
    const found = items.findIndex(({ turn_ids: ids }) => ids.includes(open.turn.id));
    if (found < 0) items.splice(this.at, 0, open);
    else {
      items[found] = { ...items[found], turn: open.turn };
      this.at = found;
    }
    this.items = items;
  }

  /** @param {number} index */
  go(index) {
    this.at = Math.max(0, Math.min(index, this.items.length - 1));
  }

  /**
   * @param {number} index
   * @param {boolean} range all from the one selected last to this one
   */
  select(index, range) {
    const [from, to] = range
      ? [Math.min(this.#anchor, index), Math.max(this.#anchor, index)]
      : [index, index];
    for (const { turn } of this.items.slice(from, to + 1)) {
      if (!range && this.selected.has(turn.id)) this.selected.delete(turn.id);
      else this.selected.add(turn.id);
    }
    this.#anchor = index;
  }

  /**
   * They leave; the one that stood behind the open one is open then.
   *
   * @param {readonly ReviewItem[]} gone
   */
  take(gone) {
    const before = this.items.slice(0, this.at).filter((one) => !gone.includes(one)).length;
    this.items = this.items.filter((one) => !gone.includes(one));
    this.selected.clear();
    this.#anchor = 0;
    this.go(before);
  }

  /**
   * They come back to the top, and the first of them is open.
   *
   * @param {readonly ReviewItem[]} back
   */
  giveBack(back) {
    const ids = new Set(back.map(({ turn }) => turn.id));
    this.items = [...back, ...this.items.filter(({ turn }) => !ids.has(turn.id))];
    this.at = 0;
  }
}
