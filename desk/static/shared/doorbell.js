// @ts-check
/** A doorbell: rung any number of times while somebody looks, it makes them look once more. */

/**
 * @param {() => Promise<void>} look never rejects
 * @returns {() => Promise<void>} rings; done when nobody looks any more
 */
export function doorbell(look) {
  let rung = false;
  /** @type {Promise<void>|null} */
  let looking = null;
  const answer = async () => {
    while (rung) {
      rung = false;
      await look();
    }
    looking = null;
  };
  return () => {
    rung = true;
    looking ??= answer();
    return looking;
  };
}
