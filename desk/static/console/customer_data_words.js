// @ts-check
/** What the page of customers' data says; pure. */

/**
 * @typedef {object} FoundCustomer
 * @property {string} id
 * @property {string[]} ids also of customers who were joined to them
 * @property {string|null} name
 * @property {string|null} email
 * @property {string|null} reference
 * @property {{channel: string, address: string}[]} addresses
 * @property {number} conversations
 * @property {string|null} last_seen_at
 *
 * @typedef {object} Receipt
 * @property {string} id
 * @property {"begun"|"deleted"|"done"} state
 * @property {{id: string, name: string}|null} by
 * @property {string} created_at
 * @property {string|null} finished_at
 * @property {{what: string, title: string, count: number}[]} erased
 * @property {string[]} models
 */

/**
 * As a heading, or with another word for nobody's name within a sentence.
 *
 * @param {Pick<FoundCustomer, "name"|"email"|"reference">} customer
 * @param {string} [unnamed]
 */
export function nameOf({ name, email, reference }, unnamed = "A customer without a name") {
  return name ?? email ?? reference ?? unnamed;
}

/**
 * What has to be typed before somebody is erased: who they are, so that it is the right person.
 *
 * @param {Pick<FoundCustomer, "name"|"email"|"reference">} customer
 */
export const confirmedBy = (customer) => nameOf(customer, "erase");

/**
 * @param {string} typed
 * @param {string} wanted
 */
export function isConfirmed(typed, wanted) {
  /** @param {string} text */
  const plain = (text) => text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
  return plain(typed) === plain(wanted);
}

/** @param {Pick<FoundCustomer, "conversations"|"ids">} customer */
export function extent({ conversations, ids }) {
  const held = conversations === 1 ? "1 conversation" : `${conversations} conversations`;
  return ids.length > 1 ? `${held}, of ${ids.length} customers who were joined` : held;
}

/** @param {Pick<Receipt, "erased">} receipt */
export function total({ erased }) {
  const rows = erased.reduce((sum, one) => sum + one.count, 0);
  return rows === 1 ? "1 row" : `${rows} rows`;
}

/** @param {Pick<Receipt, "state">} receipt */
export function standing({ state }) {
  if (state === "done") return "Erased";
  return state === "begun" ? "Begun; it goes on by itself" : "Deleted; the last traces follow";
}
