// @ts-check
/** How long to wait before the next try: doubling up to a limit, with jitter so that clients do not return all at once. */

/**
 * Between half and the whole of `first * 2 ** attempt`, at most `limit` (milliseconds).
 * @param {number} attempt 0 for the first wait
 * @param {{first?: number, limit?: number, random?: () => number}} [options]
 */
export function backoff(attempt, { first = 500, limit = 30_000, random = Math.random } = {}) {
  const full = Math.min(limit, first * 2 ** Math.min(attempt, 30));
  return full / 2 + random() * full / 2;
}
