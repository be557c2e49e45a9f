// @ts-check
/** Keeps the widget in touch with the server: a WebSocket that resumes where it was, or long polling where none gets through. */
import { backoff } from "../shared/backoff.js";
import { poll } from "./polling.js";
import { LiveSocket } from "./socket.js";

/** @typedef {import("./model.js").Frame} Frame */
/** @typedef {import("./model.js").ConnectionState} ConnectionState */

const FAILURES_BEFORE_POLLING = 2;
const SOCKET_RETRY_WHILE_POLLING_MS = 90_000;

export class Transport {
  #session;
  #after;
  #onFrame;
  #onState;
  #life = new AbortController();
  /** @type {ConnectionState} */
  #state = "connecting";
  /** @type {LiveSocket | null} */
  #socket = null;
  /** @type {AbortController | null} */
  #polling = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #opening = false;
  #failures = 0;
  #attempt = 0;

  /**
   * @param {object} parts
   * @param {import("./session.js").Session} parts.session
   * @param {() => number} parts.after  the last sequence number the page has
   * @param {(frame: Frame) => void} parts.onFrame
   * @param {(state: ConnectionState) => void} parts.onState
   */
  constructor({ session, after, onFrame, onState }) {
    this.#session = session;
    this.#after = after;
    this.#onFrame = onFrame;
    this.#onState = onState;
  }

  start() {
    const { signal } = this.#life;
    addEventListener("online", () => this.hurry(), { signal });
    addEventListener("offline", () => this.#down(), { signal });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return;
      if (this.#socket === null && this.#polling === null) this.hurry();
      else this.#socket?.check();
    }, { signal });
    this.#open();
  }

  stop() {
    this.#life.abort();
    clearTimeout(this.#timer);
    this.#polling?.abort();
    this.#socket?.close();
  }

  /** Tries again now instead of after the back-off. */
  hurry() {
    this.#attempt = 0;
    if (this.#polling !== null) this.#startPolling();
    if (this.#socket === null) this.#open();
    else this.#socket.check();
  }

  /** Connects anew from `after`, because what the page has no longer belongs to this conversation. */
  resync() {
    this.#attempt = 0;
    if (this.#polling !== null) this.#startPolling();
    this.#socket?.close();
  }

  /**
   * Sends a frame that may get lost; false when there is no socket for it.
   * @param {object} frame
   */
  send(frame) {
    if (this.#socket === null || !this.#socket.ready) return false;
    this.#socket.send(frame);
    return true;
  }

  async #open() {
    if (this.#opening || this.#socket !== null || this.#life.signal.aborted) return;
    this.#opening = true;
    clearTimeout(this.#timer);
    try {
      const token = await this.#session.token();
      if (!this.#life.signal.aborted) this.#connect(token);
    } catch {
      this.#down();
      this.#later();
    } finally {
      this.#opening = false;
    }
  }

  /** @param {string} token */
  #connect(token) {
    this.#socket = new LiveSocket({
      url: `${location.origin.replace(/^http/, "ws")}/api/v1/widget/socket`,
      token,
      after: this.#after,
      onFrame: (frame) => {
        if (frame.type === "ready" || frame.type === "pong") this.#up();
        this.#onFrame(frame);
      },
      onEnd: ({ expired, steady }) => {
        this.#socket = null;
        if (this.#life.signal.aborted) return;
        if (expired) this.#session.expire(token);
        else if (steady) this.#attempt = this.#failures = 0;
        else this.#failures += 1;
        if (this.#polling === null) this.#down();
        if (this.#failures >= FAILURES_BEFORE_POLLING && this.#polling === null) {
          this.#startPolling();
        }
        this.#later();
      },
    });
  }

  #up() {
    this.#polling?.abort();
    this.#polling = null;
    this.#say("connected");
  }

  #down() {
    this.#say(navigator.onLine ? "reconnecting" : "offline");
  }

  #later() {
    clearTimeout(this.#timer);
    const pause = this.#polling === null
      ? backoff(this.#attempt)
      : backoff(0, { first: SOCKET_RETRY_WHILE_POLLING_MS, limit: SOCKET_RETRY_WHILE_POLLING_MS });
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#open(), pause);
  }

  #startPolling() {
    this.#polling?.abort();
    const polling = new AbortController();
    this.#polling = polling;
    poll({
      session: this.#session,
      after: this.#after,
      onFrame: (frame) => polling.signal.aborted || this.#onFrame(frame),
      onState: (up) => {
        if (!polling.signal.aborted && this.#polling === polling) {
          if (up) this.#say("connected");
          else this.#down();
        }
      },
      signal: polling.signal,
    });
  }

  /** @param {ConnectionState} state */
  #say(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#onState(state);
  }
}
