// @ts-check
/** Which corner of the storage belongs to a customer, so that two people at one browser never see each other's chat. */

export const GUEST = "guest";

/**
 * A stable name for the customer a token speaks of: its `sub`, or a digest where it cannot be read.
 * It only names a place in this browser; who the customer is, is for the server to verify.
 * @param {string | null} token
 */
export function ownerOf(token) {
  if (token === null || token === "") return GUEST;
  const subject = subjectOf(token);
  return subject === null ? `token-${digest(token)}` : `sub-${subject}`;
}

/** @param {string} token */
function subjectOf(token) {
  const body = token.split(".")[1];
  if (body === undefined) return null;
  try {
    const bytes = Uint8Array.from(
      atob(body.replaceAll("-", "+").replaceAll("_", "/")),
      (letter) => letter.charCodeAt(0),
    );
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims.sub === "string" && claims.sub !== "" ? claims.sub : null;
  } catch {
    return null;
  }
}

/**
 * FNV-1a, enough to tell tokens apart without keeping them in a key.
 * @param {string} text
 */
function digest(text) {
  let hash = 0x811c9dc5;
  for (const letter of text) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

/** A random UUID (version 4), also on plain-http sites where `crypto.randomUUID` is missing. */
export function newId() {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
