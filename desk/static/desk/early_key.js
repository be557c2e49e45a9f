// @ts-check
/** A key pressed while its conversation still loads: kept until that is here, and forgotten with it. */

/** @typedef {import("./keys.js").Action} Action */
/** @typedef {{action: Action, code: string}} Pressed */

/** What these do depends on the conversation; all others act at once. */
const WAIT = new Set(
  /** @type {Action[]} */ ([
    "claim",
    "knowledge",
    "why",
    "note",
    "reply",
    "resolve",
    "resolve-next",
    "snooze",
    "tag",
  ]),
);

export class EarlyKey {
  /** @type {{of: object, pressed: Pressed}|null} the newest only: it is what the agent wants by now */
  #kept = null;

  /**
   * @param {{detail: unknown, problem: string|null}|null} open
   * @param {Pressed} pressed
   * @returns {boolean} whether it is kept, and nothing is to be done yet
   */
  keeps(open, pressed) {
    this.#kept = null;
    if (!open || open.detail || open.problem || !WAIT.has(pressed.action)) return false;
    this.#kept = { of: open, pressed };
    return true;
  }

  /**
   * What was pressed while this one was loading, once.
   *
   * @param {{detail: unknown}|null} open
   * @returns {Pressed|null}
   */
  take(open) {
    const kept = this.#kept;
    this.#kept = null;
    return kept && kept.of === open && open?.detail ? kept.pressed : null;
  }
}
