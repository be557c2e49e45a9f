// @ts-check
/** What a line of the audit log says in words, and what the log is narrowed to; pure. */

/**
 * @typedef {object} AuditEntry
 * @property {string} id
 * @property {string} action
 * @property {string} subject
 * @property {"person"|"operator"|"bot"} actor
 * @property {{id: string, name: string}|null} by
 * @property {string|null} conversation_id
 * @property {Record<string, any>} details
 * @property {string} created_at
 *
 * @typedef {object} AuditFilters every field is "" when it does not filter
 * @property {string} by
 * @property {string} action
 * @property {string} conversation
 * @property {string} since day, YYYY-MM-DD, in the reader's time zone
 * @property {string} until day, included
 */

/** @type {(keyof AuditFilters)[]} */
const FIELDS = ["by", "action", "conversation", "since", "until"];
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** @param {AuditEntry} entry */
export function whoWords({ actor, by }) {
  if (by) return by.name;
  return actor === "bot" ? "Warmline" : actor === "operator" ? "The command line" : "Somebody";
}

/**
 * `handoff.requested` as "Hand-off requested".
 *
 * @param {string} action
 */
export function actionName(action) {
  const words = action.replaceAll("_", " ").replace(".", " ").replace(/\bhandoff\b/, "hand-off");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * The details as "queue: payments · priority: high"; what is not set is left out.
 *
 * @param {Record<string, any>} details
 * @param {ReadonlyMap<string, string>} names of people, by their ids
 */
export function detailWords(details, names) {
  return Object.entries(details)
    .filter(([name, value]) => name !== "turn" && isSaid(value)) // there is a link to the turn
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${names.get(value) ?? valueWords(value)}`)
    .join(" · ");
}

/** @param {any} value */
function isSaid(value) {
  return value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/**
 * What was changed, where it has a name; an id says nothing to people.
 *
 * @param {AuditEntry} entry
 * @param {ReadonlyMap<string, string>} names of people, by their ids
 */
export function subjectWords({ action, subject }, names) {
  if (/^(model|intent|database|settings)\./.test(action)) return subject;
  return names.get(subject) ?? "";
}

/** @param {any} value */
function valueWords(value) {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * Where a line's subject is to be seen; null where there is no such page.
 *
 * @param {AuditEntry} entry
 * @returns {{href: string, words: string}[]}
 */
export function linksOf({ action, conversation_id, details }) {
  const links = [];
  if (conversation_id) {
    links.push({ href: `/desk#c/${encodeURIComponent(conversation_id)}`, words: "Conversation" });
  }
  if (action.startsWith("model.")) links.push({ href: "/console/models", words: "Models" });
  if (conversation_id && details.turn) {
    const query = new URLSearchParams({ turn: details.turn, c: conversation_id });
    links.push({ href: `/console/turns?${query}`, words: "Turn" });
  }
  return links;
}

/**
 * @param {string} search the address's part from "?"
 * @returns {AuditFilters}
 */
export function readFilters(search) {
  const params = new URLSearchParams(search);
  const filters = Object.fromEntries(FIELDS.map((name) => [name, params.get(name) ?? ""]));
  for (const name of ["since", "until"]) if (!dayStart(filters[name])) filters[name] = "";
  return /** @type {AuditFilters} */ (filters);
}

/**
 * Only what filters is written, so that the whole log has a plain address.
 *
 * @param {AuditFilters} filters
 */
export function addressOf(filters) {
  const params = new URLSearchParams();
  for (const name of FIELDS) if (filters[name] !== "") params.set(name, filters[name]);
  return params;
}

/**
 * @param {AuditFilters} filters
 * @returns {URLSearchParams}
 */
export function queryOf({ by, action, conversation, since, until }) {
  const from = dayStart(since);
  const to = dayStart(until, 1);
  const params = new URLSearchParams();
  if (by) params.set("by", by);
  if (action) params.set("action", action);
  if (conversation.trim()) params.set("conversation_id", conversation.trim());
  if (from) params.set("since", from.toISOString());
  if (to) params.set("until", to.toISOString());
  return params;
}

/**
 * The kinds of what there is, and below each its actions, as a menu.
 *
 * @param {readonly string[]} actions
 * @returns {{kind: string, actions: string[]}[]}
 */
export function grouped(actions) {
  /** @type {Map<string, string[]>} */
  const kinds = new Map();
  for (const action of actions) {
    const kind = action.split(".")[0];
    kinds.set(kind, [...kinds.get(kind) ?? [], action]);
  }
  return [...kinds].map(([kind, of]) => ({ kind, actions: of }));
}

/**
 * @param {string} day
 * @param {number} [plus] days later
 * @returns {Date|null}
 */
function dayStart(day, plus = 0) {
  const match = DAY.exec(day);
  if (!match) return null;
  const date = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + plus);
  return Number.isNaN(date.getTime()) ? null : date;
}
