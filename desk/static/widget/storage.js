// @ts-check
/** A small named corner of the browser's storage; where the browser forbids storage in frames, it lasts as long as the page. */

const PREFIX = "warmline:1:";

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Backing */

export class MemoryStorage {
  /** @type {Map<string, string>} */
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  /** @param {number} index */
  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  /** @param {string} key */
  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.#items.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.#items.delete(key);
  }
}

/** @returns {Backing} */
export function browserStorage() {
  try {
    const probe = `${PREFIX}probe`;
    localStorage.setItem(probe, "1");
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return new MemoryStorage();
  }
}

/** JSON values under `warmline:1:<owner>:`, one owner for each customer who used this browser. */
export class Store {
  #prefix;
  #backing;

  /** @param {string} owner @param {Backing} [backing] */
  constructor(owner, backing = browserStorage()) {
    this.#prefix = `${PREFIX}${encodeURIComponent(owner)}:`;
    this.#backing = backing;
  }

  /**
   * What was stored, or null; a value someone damaged counts as absent.
   * @param {string} name
   * @returns {any}
   */
  get(name) {
    const text = this.#backing.getItem(this.#prefix + name);
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  /**
   * @param {string} name
   * @param {unknown} value null removes it
   */
  set(name, value) {
    const key = this.#prefix + name;
    if (value === null) {
      this.#backing.removeItem(key);
      return;
    }
    try {
      this.#backing.setItem(key, JSON.stringify(value));
    } catch {
      // A full storage must not stop a message from being sent.
    }
  }

  /**
   * The names that begin so.
   * @param {string} start
   * @returns {string[]}
   */
  names(start) {
    const found = [];
    for (let index = 0; index < this.#backing.length; index += 1) {
      const key = this.#backing.key(index);
      if (key?.startsWith(this.#prefix + start)) found.push(key.slice(this.#prefix.length));
    }
    return found;
  }
}
