// @ts-check
/** The socket behind every live page: reconnects by itself and tells when something may have been missed. */

import { backoff } from "../shared/backoff.js";

const LONGEST_DELAY_MS = 15_000;
const SILENCE_MS = 75_000;
const SIGNED_OUT = 4401;

/** @typedef {"connecting"|"live"|"lost"|"signed-out"} LiveState */

/**
 * Events: `state`, `frame` (CustomEvent, detail = the server's frame), `outdated` when the server was
 * started again with newer pages than this one, and `resync` whenever the page must
 * refetch what it shows: after each (re)connect and when the server says that frames were dropped.
 */
export class LiveSocket extends EventTarget {
  /** @type {LiveState} */
  state = "connecting";
  /** @type {WebSocket|null} */
  #socket = null;
  #attempt = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #retryTimer;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #silenceTimer;
  #serverPings = false;
  /** @type {string|null} of the server's pages, when this page was opened */
  #edition = null;

  start() {
    globalThis.addEventListener("online", () => this.#reconnectNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#reconnectNow();
    });
    this.#open();
  }

  /**
   * Said once; lost when the line is down, so whoever says it says it again after a `resync`.
   *
   * @param {Record<string, unknown>} frame
   */
  send(frame) {
    if (this.state === "live") this.#socket?.send(JSON.stringify(frame));
  }

  #open() {
    const address = new URL("/api/v1/live", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#receive(event.data));
    socket.addEventListener("close", (event) => this.#closed(socket, event.code));
  }

  /** @param {string} data */
  #receive(data) {
    const frame = JSON.parse(data);
    if (frame.type === "ping") {
      this.#serverPings = true;
      this.#socket?.send('{"type":"pong"}');
    }
    this.#watchForSilence();
    if (frame.type === "ready") {
      this.#attempt = 0;
      this.#become("live");
      if (frame.edition !== (this.#edition ??= frame.edition)) {
        this.dispatchEvent(new Event("outdated"));
      }
    }
    if (frame.type === "ready" || frame.type === "resync") {
      this.dispatchEvent(new Event("resync"));
      return;
    }
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  /** A laptop that slept leaves a socket that looks open and says nothing: the way inboxes go stale. */
  #watchForSilence() {
    clearTimeout(this.#silenceTimer);
    if (!this.#serverPings) return;
    this.#silenceTimer = setTimeout(() => {
      const socket = this.#socket;
      if (!socket) return;
      socket.close();
      this.#closed(socket, 1006);
    }, SILENCE_MS);
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearTimeout(this.#silenceTimer);
    if (code === SIGNED_OUT) {
      this.#become("signed-out");
      return;
    }
    this.#become("lost");
    const delay = backoff(this.#attempt++, { limit: LONGEST_DELAY_MS });
    this.#retryTimer = setTimeout(() => this.#open(), delay);
  }

  #reconnectNow() {
    if (this.#socket || this.state === "signed-out") return;
    clearTimeout(this.#retryTimer);
    this.#open();
  }

  /** @param {LiveState} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
