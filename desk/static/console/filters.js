// @ts-check
/** The filters of the log of turns: in the page's address, in the API's query, and against one live turn; pure. */

/** @typedef {import("../staff/types.js").Turn} Turn */
/**
 * @typedef {object} Filters every field is "" when it does not filter
 * @property {string} q
 * @property {string} intent
 * @property {string} outcome
 * @property {string} reason
 * @property {string} channel
 * @property {string} labelled "yes" or "no"
 * @property {string} from percent, 0 to 100
 * @property {string} to percent, 0 to 100
 * @property {string} since day, YYYY-MM-DD, in the reader's time zone
 * @property {string} until day, included
 */

/** @type {(keyof Filters)[]} */
export const FIELDS = [
  "q",
  "intent",
  "outcome",
  "reason",
  "channel",
  "labelled",
  "from",
  "to",
  "since",
  "until",
];

/**
 * @param {string} search the address's part from "?"
 * @returns {Filters}
 */
export function readFilters(search) {
  const params = new URLSearchParams(search);
  const filters = Object.fromEntries(FIELDS.map((name) => [name, params.get(name) ?? ""]));
  if (!["yes", "no"].includes(filters.labelled)) filters.labelled = "";
  for (const name of ["from", "to"]) if (!isPercent(filters[name])) filters[name] = "";
  for (const name of ["since", "until"]) if (!dayStart(filters[name])) filters[name] = "";
  return /** @type {Filters} */ (filters);
}

/**
 * Only what filters is written, so that an unfiltered log has a plain address.
 *
 * @param {Filters} filters
 */
export function addressOf(filters) {
  const params = new URLSearchParams();
  for (const name of FIELDS) if (filters[name] !== "") params.set(name, filters[name]);
  return params;
}

/**
 * @param {Filters} filters
 * @returns {URLSearchParams}
 */
export function queryOf(filters) {
  const params = new URLSearchParams();
  for (const name of /** @type {const} */ (["q", "intent", "outcome", "reason", "channel"])) {
    if (filters[name].trim() !== "") params.set(name, filters[name].trim());
  }
  if (filters.labelled !== "") params.set("labelled", String(filters.labelled === "yes"));
  if (filters.from !== "") params.set("min_confidence", String(Number(filters.from) / 100));
  if (filters.to !== "") params.set("max_confidence", String(Number(filters.to) / 100));
  const since = dayStart(filters.since);
  const until = dayStart(filters.until, 1);
  if (since) params.set("since", since.toISOString());
  if (until) params.set("until", until.toISOString());
  return params;
}

/** @param {Filters} filters */
export function isFiltered(filters) {
  return FIELDS.some((name) => filters[name] !== "");
}

/**
 * Whether a turn that just happened belongs to what is shown.
 *
 * @param {Filters} filters
 * @param {Turn} turn
 */
export function matches(filters, turn) {
  const confidence = turn.confidence ?? 0;
  const at = Date.parse(turn.created_at);
  const since = dayStart(filters.since);
  const until = dayStart(filters.until, 1);
  return turn.text.toLowerCase().includes(filters.q.trim().toLowerCase()) &&
    (filters.intent === "" || turn.intent === filters.intent) &&
    (filters.outcome === "" || turn.outcome === filters.outcome) &&
    (filters.reason === "" || turn.reason === filters.reason) &&
    (filters.channel === "" || turn.channel === filters.channel) &&
    filters.labelled !== "yes" && // a turn that just happened has no label
    (filters.from === "" || confidence >= Number(filters.from) / 100) &&
    (filters.to === "" || confidence <= Number(filters.to) / 100) &&
    (!since || at >= since.getTime()) &&
    (!until || at < until.getTime());
}

/** @param {string} text */
function isPercent(text) {
  const number = Number(text);
  return text.trim() !== "" && number >= 0 && number <= 100;
}

/**
 * The local midnight that begins a day; `plus` days later.
 *
 * @param {string} day
 * @param {number} [plus]
 * @returns {Date|null}
 */
function dayStart(day, plus = 0) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!match) return null;
  const date = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + plus);
  return Number.isNaN(date.getTime()) ? null : date;
}
