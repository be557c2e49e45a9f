// @ts-check
/** One request after the other, so that what was sent last is what stays. */

/**
 * `send`, which waits until whatever was sent before has come to its end, well or not.
 *
 * @template {unknown[]} A
 * @template R
 * @param {(...what: A) => Promise<R>} send
 * @returns {(...what: A) => Promise<R>}
 */
export function inTurn(send) {
  /** @type {Promise<unknown>} */
  let before = Promise.resolve();
  return (...what) => {
    const sent = before.then(() => send(...what));
    before = sent.catch(() => {});
    return sent;
  };
}
