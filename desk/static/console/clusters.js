// @ts-check
/** What the bot does not know, as the server has it, and what a lead makes of it. */

import { get, post } from "../staff/api.js";

/**
 * @typedef {object} ClusterMessage one text, with the turns of all its copies
 * @property {string} text
 * @property {string} turn_id
 * @property {string} conversation_id
 * @property {string[]} turn_ids
 *
 * @typedef {object} Cluster
 * @property {string} id
 * @property {string} name
 * @property {string[]} keywords
 * @property {string|null} nearest
 * @property {number|null} similarity
 * @property {number} messages
 * @property {number} texts
 * @property {number[]} trend
 * @property {ClusterMessage[]} examples
 *
 * @typedef {object} Discovery
 * @property {"never"|"running"|"done"|"failed"} state
 * @property {number} days
 * @property {number} progress
 * @property {number} messages
 * @property {string|null} error
 * @property {string|null} finished_at
 * @property {Cluster[]} clusters
 */

const AT_ONCE = 200; // turns in one request

/** @returns {Promise<Discovery>} */
export const readDiscovery = () => get("discoveries/current");

/**
 * @param {number} days
 * @returns {Promise<Discovery>}
 */
export const startDiscovery = (days) => post("discoveries", { days });

/** @param {string} id */
export const dismissCluster = (id) => post(`clusters/${encodeURIComponent(id)}/dismiss`);

/**
 * All messages of a cluster, the most typical first.
 *
 * @param {string} id
 */
export async function readMessages(id) {
  /** @type {ClusterMessage[]} */
  const found = [];
  /** @type {string|null} */
  let cursor = null;
  do {
    const query = new URLSearchParams({ limit: String(AT_ONCE), ...(cursor && { cursor }) });
    const page = await get(`clusters/${encodeURIComponent(id)}/messages?${query}`);
    found.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return found;
}

/**
 * Label all messages of a cluster but those that were unticked.
 *
 * @param {string} id
 * @param {ReadonlySet<string>} unticked turns of messages that do not belong
 * @param {string} intent
 */
export async function labelCluster(id, unticked, intent) {
  const messages = (await readMessages(id)).filter(({ turn_id }) => !unticked.has(turn_id));
  const turns = messages.flatMap(({ turn_ids }) => turn_ids);
  for (let start = 0; start < turns.length; start += AT_ONCE) {
    await post("labels", { turn_ids: turns.slice(start, start + AT_ONCE), intent });
  }
  return turns.length;
}

/** @returns {Promise<string[]>} */
export async function readIntents() {
  const { items } = await get("intents");
  return items.map((/** @type {{name: string}} */ { name }) => name);
}
