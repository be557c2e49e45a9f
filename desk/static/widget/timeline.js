// @ts-check
/** The confirmed messages in the order the server gave them, each once, however often and in whatever order they arrive. */

/** @typedef {import("./model.js").Message} Message */

export class Timeline {
  /** @type {Message[]} */
  #messages = [];

  /** @returns {readonly Message[]} */
  get messages() {
    return this.#messages;
  }

  /** The highest sequence number seen, from where to resume; 0 before the first. */
  get lastSeq() {
    return this.#messages.at(-1)?.seq ?? 0;
  }

  /**
   * Puts a message in its place; false when it was there already.
   * @param {Message} message
   */
  add(message) {
    let index = this.#messages.length;
    while (index > 0 && this.#messages[index - 1].seq > message.seq) index -= 1;
    if (index > 0 && this.#messages[index - 1].seq === message.seq) return false;
    this.#messages.splice(index, 0, message);
    return true;
  }

  clear() {
    this.#messages = [];
  }

  /**
   * What the bot and agents wrote after a sequence number.
   * @param {number} seq
   */
  unreadAfter(seq) {
    return this.#messages.filter((message) =>
      message.seq > seq && (message.author === "bot" || message.author === "agent")
    ).length;
  }
}
