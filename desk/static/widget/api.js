// @ts-check
/** Requests to the widget's own HTTP API, with one kind of error for everything that can go wrong. */

const BASE = "/api/v1/widget";

export class ApiError extends Error {
  /**
   * @param {number} status 0 when the server could not be reached
   * @param {string} code
   * @param {string} message
   * @param {number} [retryAfterMs]
   */
  constructor(status, code, message, retryAfterMs = 0) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/**
 * The JSON answer, or null for an empty one.
 * @param {string} path below /api/v1/widget
 * @param {{method?: string, body?: unknown, token?: string, signal?: AbortSignal, timeoutMs?: number}} [options]
 * @returns {Promise<any>}
 */
export async function request(path, options = {}) {
  const { method = "GET", body, token, signal, timeoutMs = 15_000 } = options;
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const abort = new AbortController();
  const stop = () => abort.abort();
  const limit = setTimeout(stop, timeoutMs);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: abort.signal,
      credentials: "omit",
      cache: "no-store",
    });
    if (response.ok) return response.status === 204 ? null : await response.json();
  } catch {
    throw new ApiError(0, "unreachable", "The chat server could not be reached.");
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener("abort", stop);
  }
  throw await errorFrom(response);
}

/** @param {Response} response */
async function errorFrom(response) {
  const body = await response.json().catch(() => null);
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  return new ApiError(
    response.status,
    body?.error?.code ?? `http_${response.status}`,
    body?.error?.message ?? "The chat server could not answer.",
    Number.isFinite(seconds) ? seconds * 1000 : 0,
  );
}
