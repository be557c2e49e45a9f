// @ts-check
/** The ways from this chat to the customer's other channels: a code to send from there, or a code that arrives there. */
import { ApiError } from "./api.js";

/**
 * @typedef {{channel: string, name: string, address: string | null, url: string | null}} Way
 * @typedef {{code: string, expires_at: string, channels: Way[]}} Code
 */

export class Ways {
  #call;

  /** @param {import("./session.js").Session["call"]} call */
  constructor(call) {
    this.#call = call;
  }

  /** A code that joins to this chat whoever sends it. @returns {Promise<Code>} */
  code() {
    return this.#call("/codes", { method: "POST" });
  }

  /** Has a code sent there, if it is known: no answer tells whether it is. @param {string} channel @param {string} address */
  ask(channel, address) {
    return this.#call("/proofs", { method: "POST", body: { channel, address: address.trim() } });
  }

  /** @param {string} code what arrived there */
  confirm(code) {
    return this.#call("/proofs/confirm", { method: "POST", body: { code: code.trim() } });
  }
}

/**
 * Why it did not work, for a customer.
 * @param {unknown} error
 */
export function whyNot(error) {
  if (!(error instanceof ApiError)) return "Something went wrong. Please try again.";
  switch (error.status) {
    case 409:
      return "Write a first message here, then this chat can be continued elsewhere.";
    case 422:
      return "That code is wrong or too old. Look again, or have another one sent.";
    case 429:
      return `That was tried too often. Please wait ${waitText(error.retryAfterMs)}.`;
    default:
      return error.message;
  }
}

/** @param {number} ms */
function waitText(ms) {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
