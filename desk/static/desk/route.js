// @ts-check
/** The open conversation in the address: `#c/ID`, `#c/ID/customer` for its customer on a phone, `#c/ID/at/MESSAGE` for one of its messages; pure. */

/** @typedef {{conversation: string|null, panel: boolean, message: string|null}} Route */

/** @type {Route} */
const NOWHERE = { conversation: null, panel: false, message: null };

/**
 * @param {string} hash
 * @returns {Route}
 */
export function readRoute(hash) {
  const match = /^#c\/([^/]+)(\/customer|\/at\/([^/]+))?$/.exec(hash);
  if (!match) return NOWHERE;
  try {
    return {
      conversation: decodeURIComponent(match[1]),
      panel: match[2] === "/customer",
      message: match[3] === undefined ? null : decodeURIComponent(match[3]),
    };
  } catch {
    return NOWHERE;
  }
}

/**
 * @param {string|null} conversation
 * @param {boolean} [panel]
 */
export function hashOf(conversation, panel = false) {
  if (conversation === null) return "";
  return `#c/${encodeURIComponent(conversation)}${panel ? "/customer" : ""}`;
}

/**
 * @param {string} conversation
 * @param {string|null} message
 */
export function hashAt(conversation, message) {
  const at = message === null ? "" : `/at/${encodeURIComponent(message)}`;
  return `${hashOf(conversation)}${at}`;
}
