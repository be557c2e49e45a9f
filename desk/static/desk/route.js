// @ts-check
/** The open conversation in the address: `#c/ID`, and `#c/ID/customer` for its customer on a phone; pure. */

/** @typedef {{conversation: string|null, panel: boolean}} Route */

/**
 * @param {string} hash
 * @returns {Route}
 */
export function readRoute(hash) {
  const match = /^#c\/([^/]+)(\/customer)?$/.exec(hash);
  if (!match) return { conversation: null, panel: false };
  try {
    return { conversation: decodeURIComponent(match[1]), panel: match[2] !== undefined };
  } catch {
    return { conversation: null, panel: false };
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
