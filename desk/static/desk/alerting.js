// @ts-check
/** Calls the agent: once, however many windows of the desk they have open, and not for what they see. */

/** @typedef {import("./alerts.js").Alert} Alert */

// How long another window may take to say that it shows it.
const GRACE_MS = 300;

export class Alerting {
  #channel;
  #leads = false;
  /** @type {Set<string>} what a window of this agent's shows */
  #seen = new Set();
  #isSeen;
  #call;

  /**
   * @param {object} options
   * @param {string} options.userId
   * @param {(alert: Alert) => boolean} options.isSeen whether the agent sees it in this window
   * @param {(alert: Alert) => void} options.call
   */
  constructor({ userId, isSeen, call }) {
    this.#isSeen = isSeen;
    this.#call = call;
    this.#channel = new BroadcastChannel(`warmline.desk.${userId}.seen`);
    this.#channel.addEventListener("message", (event) => this.#seen.add(event.data));
    // The window that holds the lock calls; when it is closed, the next one gets it.
    const lead = () => {
      this.#leads = true;
      return new Promise(() => {});
    };
    // Without locks (a page over plain http) every window calls for itself.
    if (navigator.locks) navigator.locks.request(`warmline.desk.${userId}.calls`, lead);
    else this.#leads = true;
  }

  /** @param {Alert} alert */
  consider(alert) {
    if (this.#isSeen(alert)) {
      this.#channel.postMessage(alert.key);
      return;
    }
    setTimeout(() => {
      // By now an agent who took it themselves has it before them.
      const seen = this.#seen.delete(alert.key) || this.#isSeen(alert);
      if (this.#leads && !seen) this.#call(alert);
    }, GRACE_MS);
  }
}

/**
 * A notification of the browser's, if it may show any.
 *
 * @param {Alert} alert
 * @param {{withText: boolean, open: () => void}} options
 */
export function notify({ key, title, text }, { withText, open }) {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
  try {
    const shown = new Notification(title, {
      body: withText ? text : "",
      tag: key,
      icon: new URL("../staff/icon.svg", import.meta.url).href,
      silent: true, // the sound has a switch of its own
    });
    shown.addEventListener("click", () => {
      globalThis.focus();
      shown.close();
      open();
    });
  } catch {
    // Phones show notifications only from a service worker, which the desk has none of.
  }
}
