// @ts-check
/** Subscriptions and what became of their deliveries, in words; pure. */

/** @typedef {import("../staff/types.js").Webhook} Webhook */
/** @typedef {import("../staff/types.js").WebhookDelivery} WebhookDelivery */

/** @type {[string, string][]} Each event, and when it is told. */
export const EVENTS = [
  ["conversation_created", "A conversation begins"],
  ["conversation_status_changed", "It passes between bot, queue and agent, or is closed"],
  ["conversation_updated", "It is passed on, or goes on elsewhere"],
  ["message_created", "A line is added, notes too"],
  ["message_updated", "A message is delivered, read, or not"],
  ["handoff_requested", "A person is wanted"],
  ["handoff_accepted", "An agent takes it"],
  ["handoff_resolved", "A hand-off ends"],
];

/** @type {Record<WebhookDelivery["state"], string>} */
export const STATES = {
  pending: "Waiting",
  sending: "Sending",
  delivered: "Delivered",
  dead: "Given up",
  dropped: "Dropped",
};

/** @type {Record<string, string>} */
const ERRORS = {
  timeout: "no answer in time",
  forbidden_address: "the address is private",
  invalid_url: "the address cannot be used",
};

/** @param {WebhookDelivery} delivery */
export function stateName({ state, tries }) {
  return state === "pending" && tries > 0 ? "Retrying" : STATES[state];
}

/** @param {WebhookDelivery} delivery */
export function answerWords({ status, error }) {
  if (status !== null) return String(status);
  if (error === null) return "";
  return ERRORS[error] ?? "no connection";
}

/** @param {number} tries */
export const triesWords = (tries) => (tries === 1 ? "1 try" : `${tries} tries`);

/** @param {Webhook} webhook */
export function standing({ active, waiting, given_up }) {
  const parts = [active ? "Active" : "Paused"];
  if (waiting) parts.push(`${waiting} waiting`);
  if (given_up) parts.push(`${given_up} given up`);
  return parts.join(" · ");
}
