// @ts-check
/** The customer's widget session: made on first need, kept across reloads, renewed when the server calls it expired. */
import { ApiError } from "./api.js";

/** @typedef {{token: string, expires_at: string, customer: {name: string} | null}} Grant */

export class Session {
  #store;
  #customerToken;
  #request;
  #onRenewed;
  /** @type {Promise<Grant> | null} */
  #grant = null;
  /** @type {string | null} */
  #current = null;
  /** @type {string | null} */
  customerName = null;

  /**
   * @param {import("./storage.js").Store} store
   * @param {string | null} customerToken what the host site says about its visitor
   * @param {typeof import("./api.js").request} request
   * @param {() => void} [onRenewed]  another session took the place of this page's first
   */
  constructor(store, customerToken, request, onRenewed = () => {}) {
    this.#store = store;
    this.#customerToken = customerToken;
    this.#request = request;
    this.#onRenewed = onRenewed;
  }

  /** The current token; asks the server once per page load, so that a stored one is known to be good. */
  async token() {
    this.#grant ??= this.#open();
    try {
      return (await this.#grant).token;
    } catch (error) {
      this.#grant = null;
      throw error;
    }
  }

  /**
   * Forgets a token the server refused; the next call of `token` brings another.
   * @param {string} refused
   */
  expire(refused) {
    if (this.#current === refused) this.#grant = null;
  }

  /**
   * A request under this session, repeated once with a new token when the old one has expired.
   * @param {string} path
   * @param {Parameters<typeof import("./api.js").request>[1]} [options]
   */
  async call(path, options = {}) {
    const token = await this.token();
    try {
      return await this.#request(path, { ...options, token });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.expire(token);
      return await this.#request(path, { ...options, token: await this.token() });
    }
  }

  /** @returns {Promise<Grant>} */
  async #open() {
    const stored = this.#store.get("token");
    const body = {
      ...(typeof stored === "string" ? { token: stored } : {}),
      ...(this.#customerToken === null ? {} : { customer_token: this.#customerToken }),
    };
    const grant = await this.#post(body);
    const renewed = this.#current !== null && this.#current !== grant.token;
    this.#current = grant.token;
    this.#store.set("token", grant.token);
    this.customerName = grant.customer?.name ?? null;
    if (renewed) this.#onRenewed();
    return grant;
  }

  /**
   * A refused old token or site token must not keep a customer from support: then it is a fresh session, as a guest if need be.
   * @param {{token?: string, customer_token?: string}} body
   * @returns {Promise<Grant>}
   */
  async #post(body) {
    const bodies = [body, { customer_token: body.customer_token }, {}];
    for (const [index, attempt] of bodies.entries()) {
      try {
        return await this.#request("/sessions", { method: "POST", body: attempt });
      } catch (error) {
        const refused = error instanceof ApiError && [400, 401, 403, 422].includes(error.status);
        if (!refused || index === bodies.length - 1) throw error;
      }
    }
    throw new ApiError(0, "unreachable", "No session could be opened.");
  }
}
