// @ts-check
/** Codes of the API as words for people; what is unknown is shown readable rather than hidden. */

/** @type {Record<string, string>} */
const OUTCOMES = {
  answered: "Answered",
  misunderstood: "Misunderstood",
  handed_off: "Handed off",
  observed: "Observed",
  resumed: "Resumed",
  failed: "Failed",
};

/** @type {Record<string, string>} */
const REASONS = {
  customer_asked: "Asked for a person",
  low_confidence: "Not sure enough",
  out_of_scope: "Out of scope",
  misunderstood: "Not understood",
  frustration: "Upset",
  sensitive_topic: "Sensitive topic",
  language_not_served: "Another language",
  verification_failed: "Not verified",
  action_failed: "An action failed",
  needs_approval: "Needs approval",
  beyond_policy: "Beyond the limits",
  shop_unavailable: "Shop unavailable",
  rule: "A rule",
  no_answer: "No answer",
};

/** @type {Record<string, string>} */
const SIGNALS = {
  checkout_error: "Checkout error",
  page_viewed: "Page seen",
  parcel_delayed: "Parcel delayed",
  payment_failed: "Payment failed",
};

/** @type {Record<string, string>} */
const WRAP_UPS = { solved: "Solved", not_solved: "Not solved", spam: "Spam" };

/** @type {Record<string, string>} */
const SOURCES = {
  conversation: "from the conversation",
  message: "from their message",
  account: "from the account",
  agent: "from an agent",
  shop: "from the shop",
};

/** @type {Record<string, string>} */
const VERIFICATION = {
  anyone: "Not verified",
  known: "Known, not verified",
  verified: "Verified",
};

/** @type {Record<string, string>} */
const PRIORITIES = {
  normal: "Normal",
  high: "High",
  urgent: "Urgent",
  returned: "Served before",
};

/** @param {string} code */
export const priorityName = (code) => PRIORITIES[code] ?? readable(code);

/** @param {string} code */
export const outcomeName = (code) => OUTCOMES[code] ?? readable(code);

/** @param {string} code */
export const intentName = (code) => code === "nlu_fallback" ? "Not understood" : readable(code);

/** @param {string} outcome */
export const wrapUpName = (outcome) => WRAP_UPS[outcome] ?? readable(outcome);

/** @param {string} code */
export const reasonName = (code) => REASONS[code] ?? readable(code);

/** @param {string} kind */
export const signalName = (kind) => SIGNALS[kind] ?? readable(kind);

/** @param {string} code */
export const sourceName = (code) => SOURCES[code] ?? code;

/** @param {string} level */
export const verificationName = (level) => VERIFICATION[level] ?? readable(level);

/**
 * `track_order` → "Track order".
 *
 * @param {string} code
 */
export function readable(code) {
  const words = code.replace(/^(action|utter)_/, "").replaceAll(/[_-]+/g, " ").trim();
  return words ? words[0].toUpperCase() + words.slice(1) : code;
}

/** @param {number} share between 0 and 1 */
export const percent = (share) => `${Math.round(share * 100)} %`;

/**
 * A slot's or entity's value on one line.
 *
 * @param {unknown} value
 */
export function valueText(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * Up to two initials for the chip beside a name.
 *
 * @param {string} name
 */
export function initials(name) {
  const parts = name.trim().split(/\s+/).filter(Boolean);
  const letters = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : parts;
  return letters.map((part) => [...part][0].toUpperCase()).join("") || "?";
}
