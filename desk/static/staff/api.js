// @ts-check
/** The one way these pages speak to `/api/v1`: CSRF on every write, and every failure as an ApiError in words. */

/** A request that did not succeed; `message` can be shown to a person as it is. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when no answer came at all
   * @param {string} code
   * @param {string} message
   * @param {any} detail
   * @param {number} wait seconds until it may be tried again, where the server says it
   */
  constructor(status, code, message, detail = null, wait = 0) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.wait = wait;
  }
}

/**
 * Fires `signed-out` once the session is gone, and `another` once it is not this page's any more because
 * somebody signed in anew in another window, so that a page can say so.
 */
export const session = new EventTarget();

let csrfToken = "";

/** Read when first needed: the login page has none, and tests have no document. */
export function csrf() {
  if (!csrfToken) {
    const meta = document.querySelector('meta[name="csrf-token"]');
    csrfToken = meta?.getAttribute("content") ?? "";
  }
  return csrfToken;
}

/**
 * @param {string} method
 * @param {string} path below `/api/v1/`
 * @param {unknown} [body]
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
async function request(method, path, body, { signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "unreachable", "The server cannot be reached. Check your connection.");
  }
  const answer = await readJson(response);
  if (response.ok) return answer;
  throw refusal(response.status, answer, path, Number(response.headers.get("Retry-After")) || 0);
}

/**
 * What a refusal says to people; the page is told of those that end its session.
 *
 * @param {number} status
 * @param {any} answer
 * @param {string} path
 * @param {number} [wait] seconds
 */
export function refusal(status, answer, path, wait) {
  const error = answer?.error ?? {};
  if (status === 401 && path !== "login") session.dispatchEvent(new Event("signed-out"));
  if (error.code === "csrf") {
    session.dispatchEvent(new Event("another"));
    return new ApiError(status, error.code, "This page is from an earlier sign-in.");
  }
  const words = error.message ?? `The server answered ${status}. Try again in a moment.`;
  return new ApiError(status, error.code ?? "failed", words, error.detail ?? null, wait);
}

/** @param {Response} response */
async function readJson(response) {
  try {
    return await response.json();
  } catch {
    // 204, or a proxy's HTML page in front of us: the status alone must do.
    return null;
  }
}

/**
 * @param {string} path
 * @param {{signal?: AbortSignal}} [options]
 */
export const get = (path, options) => request("GET", path, undefined, options);

/**
 * @param {string} path
 * @param {unknown} [body]
 */
export const post = (path, body = {}) => request("POST", path, body);

/**
 * @param {string} path
 * @param {unknown} body
 */
export const put = (path, body) => request("PUT", path, body);

/**
 * @param {string} path
 * @param {unknown} body
 */
export const patch = (path, body) => request("PATCH", path, body);

/** @param {string} path */
export const remove = (path) => request("DELETE", path);

/**
 * Any thrown thing as a sentence for a person.
 *
 * @param {unknown} error
 */
export function inWords(error) {
  return error instanceof ApiError
    ? error.message
    : "Something went wrong on this page. Reload it.";
}
