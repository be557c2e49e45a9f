// @ts-check
/** Canned replies: found by what is typed, and filled in from the conversation; pure. */

import { valueText } from "../staff/words.js";

/** @typedef {import("../staff/types.js").CannedReply} CannedReply */
/** @typedef {"agent_name"|"customer_name"|"order_number"} Variable */
/** @typedef {Partial<Record<Variable, string>>} Facts what is known; what is not is left out */

const VARIABLE = /\{(agent_name|customer_name|order_number)\}/;
// What the server calls whoever it has no name for.
const NOBODY = "Guest";

/**
 * @param {Pick<import("../staff/types.js").ConversationDetail, "customer"|"handoff">} detail
 * @param {{name: string}} agent
 * @returns {Facts}
 */
export function factsOf({ customer, handoff }, agent) {
  const order = handoff?.collected.find(({ name }) => name === "order_number");
  /** @type {Facts} */
  const facts = { agent_name: agent.name };
  if (customer.name !== NOBODY) facts.customer_name = customer.name;
  if (order) facts.order_number = valueText(order.value);
  return facts;
}

/**
 * The reply's words; a variable that nothing is known for stays, for the agent to see.
 *
 * @param {string} text
 * @param {Facts} facts
 */
export function filled(text, facts) {
  return text.replaceAll(
    new RegExp(VARIABLE, "g"),
    (whole, name) => facts[/** @type {Variable} */ (name)] || whole,
  );
}

/**
 * The first variable that is still open in a draft, and where.
 *
 * @param {string} text
 * @returns {{words: string, start: number, end: number}|null}
 */
export function openVariable(text) {
  const found = VARIABLE.exec(text);
  if (!found) return null;
  const [words] = found;
  return { words, start: found.index, end: found.index + words.length };
}

/**
 * Those in which every word typed occurs: first where the name begins so, then by name, then by text.
 *
 * @param {readonly CannedReply[]} replies
 * @param {string} typed
 * @returns {CannedReply[]}
 */
export function matching(replies, typed) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  /** @type {CannedReply[][]} */
  const ranks = [[], [], []];
  for (const reply of replies) {
    const name = reply.name.toLowerCase();
    const all = `${name} ${reply.text.toLowerCase()}`;
    if (!wanted.every((word) => all.includes(word))) continue;
    const inName = wanted.every((word) => name.includes(word));
    const rank = inName ? (name.startsWith(wanted[0] ?? "") ? 0 : 1) : 2;
    ranks[rank].push(reply);
  }
  return ranks.flat();
}
