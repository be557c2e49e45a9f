// @ts-check
/** One WebSocket from its hello to its close: it proves alive by heartbeat and says once how it ended. */

/** @typedef {import("./model.js").Frame} Frame */
/** @typedef {{code: number, expired: boolean, steady: boolean}} Ending */

const READY_WITHIN_MS = 8_000;
const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 10_000;
const STEADY_AFTER_MS = 5_000;

export class LiveSocket {
  #socket;
  #onFrame;
  #onEnd;
  #readyAt = 0;
  #expired = false;
  #ended = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pingTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #deadline;

  /**
   * @param {object} parts
   * @param {string} parts.url
   * @param {string} parts.token
   * @param {() => number} parts.after  the sequence number to resume from, asked at the moment of the hello
   * @param {(frame: Frame) => void} parts.onFrame
   * @param {(ending: Ending) => void} parts.onEnd
   */
  constructor({ url, token, after, onFrame, onEnd }) {
    this.#onFrame = onFrame;
    this.#onEnd = onEnd;
    this.#socket = new WebSocket(url);
    this.#expect(READY_WITHIN_MS);
    this.#socket.onopen = () => this.send({ type: "hello", token, after: after() });
    this.#socket.onmessage = (event) => this.#receive(event.data);
    this.#socket.onclose = (event) => this.#end(event.code);
  }

  get ready() {
    return this.#readyAt > 0 && !this.#ended;
  }

  /** @param {object} frame */
  send(frame) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Asks for a sign of life now, for instance after the laptop slept. */
  check() {
    if (!this.ready) return;
    this.send({ type: "ping" });
    this.#expect(PONG_WITHIN_MS);
  }

  close() {
    this.#end(1000);
  }

  /** @param {unknown} data */
  #receive(data) {
    if (this.#ended || typeof data !== "string") return;
    const frame = parseFrame(data);
    if (frame === null) return;
    if (frame.type === "ready") this.#readyAt = performance.now();
    if (frame.type === "error" && frame.error?.code === "session_expired") this.#expired = true;
    if (this.#readyAt > 0) this.#alive();
    this.#onFrame(frame);
  }

  #alive() {
    clearTimeout(this.#deadline);
    clearTimeout(this.#pingTimer);
    this.#pingTimer = setTimeout(() => this.check(), PING_EVERY_MS);
  }

  /** @param {number} ms */
  #expect(ms) {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#end(4000), ms);
  }

  /** @param {number} code */
  #end(code) {
    if (this.#ended) return;
    const lived = this.#readyAt > 0 ? performance.now() - this.#readyAt : 0;
    this.#ended = true;
    clearTimeout(this.#deadline);
    clearTimeout(this.#pingTimer);
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close(code >= 4000 ? code : 1000);
    this.#onEnd({
      code,
      expired: this.#expired || code === 4401,
      steady: lived >= STEADY_AFTER_MS,
    });
  }
}

/** @param {string} data @returns {Frame | null} */
function parseFrame(data) {
  try {
    const frame = JSON.parse(data);
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}
