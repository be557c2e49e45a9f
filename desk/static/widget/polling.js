// @ts-check
/** Long polling, for networks that let no WebSocket through: the same frames, asked for one answer at a time. */
import { backoff } from "../shared/backoff.js";
import { ApiError } from "./api.js";

/** @typedef {import("./model.js").Frame} Frame */

const WAIT_SECONDS = 25;

/**
 * Polls until the signal ends it.
 * @param {object} parts
 * @param {import("./session.js").Session} parts.session
 * @param {() => number} parts.after
 * @param {(frame: Frame) => void} parts.onFrame
 * @param {(up: boolean) => void} parts.onState
 * @param {AbortSignal} parts.signal
 */
export async function poll({ session, after, onFrame, onState, signal }) {
  let version = "";
  let failures = 0;
  while (!signal.aborted) {
    // The first question must not wait: its answer is the state of things.
    const wait = version === "" ? 0 : WAIT_SECONDS;
    const query = new URLSearchParams({ after: String(after()), wait: String(wait) });
    if (version !== "") query.set("version", version);
    try {
      const answer = await session.call(`/conversation?${query}`, {
        signal,
        timeoutMs: (WAIT_SECONDS + 10) * 1000,
      });
      if (signal.aborted) return;
      failures = 0;
      onState(true);
      onFrame({
        type: version === "" ? "ready" : "conversation",
        conversation: answer.conversation,
      });
      for (const message of answer.messages) onFrame({ type: "message", message });
      version = answer.version;
    } catch (error) {
      if (signal.aborted) return;
      onState(false);
      const asked = error instanceof ApiError ? error.retryAfterMs : 0;
      await pause(Math.max(asked, backoff(failures)), signal);
      failures += 1;
    }
  }
}

/** @param {number} ms @param {AbortSignal} signal */
function pause(ms, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms, undefined);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done(undefined);
    }, { once: true });
  });
}
