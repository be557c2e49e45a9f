// @ts-check
/**
 * The widget's side of the talk with the page that embeds it (the other side is loader.js).
 * It believes only its parent window, and only under the origin that the loader put into the frame's address.
 */

/** @typedef {{type: "init", customerToken: string | null, open: boolean} | {type: "identify", customerToken: string | null} | {type: "open"} | {type: "closed"}} FromHost */
/** @typedef {{type: "hello"} | {type: "close"} | {type: "unread", count: number} | {type: "active"}} ToHost */

export class Bridge {
  #host = hostOrigin();
  /** Whether a page embeds the widget; opened by itself it has nobody to talk to. */
  embedded = window.parent !== window && this.#host !== null;

  /** @param {(message: FromHost) => void} onMessage */
  listen(onMessage) {
    addEventListener("message", (event) => {
      if (event.source !== window.parent || event.origin !== this.#host) return;
      if (event.data?.source !== "warmline" || typeof event.data.type !== "string") return;
      onMessage(event.data);
    });
    this.tell({ type: "hello" });
  }

  /** @param {ToHost} message */
  tell(message) {
    if (!this.embedded || this.#host === null) return;
    window.parent.postMessage({ source: "warmline", ...message }, this.#host);
  }
}

/** The origin in `#host=…`, or null when it is none. */
function hostOrigin() {
  const named = new URLSearchParams(location.hash.slice(1)).get("host") ?? "";
  if (!URL.canParse(named)) return null;
  const { origin, protocol } = new URL(named);
  return protocol === "https:" || protocol === "http:" ? origin : null;
}
