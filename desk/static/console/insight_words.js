// @ts-check
/** Figures over contacts in words, and the period and filters in the page's address; pure. */

/**
 * @typedef {{n: number, value: number|null, low: number|null, high: number|null}} Estimate
 * @typedef {Estimate & {name: string, previous: Estimate|null, is_news: boolean|null}} Figure
 * @typedef {{name: string, title: string, unit: string, counts: string, numerator: string,
 *   denominator: string, rows: string, better: "up"|"down"|null}} Definition
 * @typedef {{value: string, contacts: number, figures: Record<string, Estimate>}} Group
 * @typedef {{day: string, contacts: number, figures: Record<string, Estimate>}} Day
 * @typedef {{since: string, until: string, previous_since: string|null, counted: number, figures: Figure[],
 *   channels: Group[], intents: Group[], models: Group[], reasons: Group[]}} Insight
 * @typedef {{since: string, until: string, figure: string, part: string, channel: string|null,
 *   intent: string|null, model: string|null, reason: string|null}} Choice
 */

const DAY_MS = 24 * 60 * 60_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
export const DIMENSIONS = /** @type {const} */ (["channel", "intent", "model", "reason"]);
const FIRST = "containment";

/**
 * @param {string} search the address's part from "?"
 * @param {Date} now
 * @returns {Choice}
 */
export function readChoice(search, now) {
  const params = new URLSearchParams(search);
  const [since, until] = [params.get("since") ?? "", params.get("until") ?? ""];
  const isPeriod = isDay(since) && isDay(until) && since <= until;
  return {
    ...(isPeriod ? { since, until } : lastDays(28, now)),
    figure: params.get("figure") ?? FIRST,
    part: params.get("part") === "rest" ? "rest" : "counted",
    channel: params.get("channel"),
    intent: params.get("intent"),
    model: params.get("model"),
    reason: params.get("reason"),
  };
}

/** @param {Choice} choice */
export function addressOf(choice) {
  return new URLSearchParams(
    Object.entries(choice).filter(([, value]) => value !== null).map(([name, value]) => [
      name,
      String(value),
    ]),
  );
}

/** @param {Choice} choice for the API */
export function queryOf({ figure: _figure, part: _part, ...narrowed }) {
  return new URLSearchParams(
    Object.entries(narrowed).flatMap(([name, value]) => value === null ? [] : [[name, value]]),
  );
}

/** @param {string} text */
const isDay = (text) => DAY.test(text) && !Number.isNaN(Date.parse(text));

/**
 * @param {number} count
 * @param {Date} now
 */
export const lastDays = (count, now) => ({
  since: new Date(now.getTime() - (count - 1) * DAY_MS).toISOString().slice(0, 10),
  until: now.toISOString().slice(0, 10),
});

/** @param {{since: string, until: string}} period */
export const dayCount = ({ since, until }) =>
  Math.round((Date.parse(until) - Date.parse(since)) / DAY_MS) + 1;

/** @param {{since: string, until: string}} period */
export const daysOf = ({ since, until }) =>
  Array.from(
    { length: dayCount({ since, until }) },
    (_, index) => new Date(Date.parse(since) + index * DAY_MS).toISOString().slice(0, 10),
  );

/**
 * @param {number|null} value
 * @param {string} unit
 */
export function valueText(value, unit) {
  if (value === null) return "–";
  if (unit === "share") return `${(value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
  if (unit === "rating") return value.toFixed(1);
  if (unit === "contacts") return Math.round(value).toLocaleString("en");
  return timeText(value);
}

/** @param {number} seconds */
function timeText(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} days`;
}

/**
 * The interval, as far as it is known.
 *
 * @param {Estimate} figure
 * @param {string} unit
 */
export function intervalText({ low, high, n }, unit) {
  const of = unit === "contacts" ? "" : ` of ${n.toLocaleString("en")}`;
  if (low === null || high === null) {
    return n === 0 ? "nothing to count yet" : `too few to say${of}`;
  }
  if (unit === "contacts") return "counted one by one";
  return `${valueText(low, unit)} to ${valueText(high, unit)}${of}`;
}

/**
 * What changed against the period before, and whether that means anything.
 *
 * @param {Figure} figure
 * @param {Definition} definition
 * @returns {{words: string, tone: "good"|"bad"|"quiet"}}
 */
export function changeOf({ value, previous, is_news }, { unit, better }) {
  if (!previous || value === null || previous.value === null) {
    return { words: "no period before to compare", tone: "quiet" };
  }
  const gap = value - previous.value;
  const sign = gap > 0 ? "+" : "−";
  const size = unit === "share"
    ? `${(Math.abs(gap) * 100).toFixed(1)} points`
    : valueText(Math.abs(gap), unit);
  const before = `from ${valueText(previous.value, unit)}`;
  if (gap === 0) return { words: `unchanged ${before}`, tone: "quiet" };
  if (!is_news) return { words: `${sign}${size} ${before}: may be chance`, tone: "quiet" };
  const isGood = (gap > 0) === (better === "up");
  return {
    words: `${sign}${size} ${before}`,
    tone: better === null ? "quiet" : isGood ? "good" : "bad",
  };
}

/**
 * What a chart shows, in one sentence.
 *
 * @param {Definition} definition
 * @param {Figure} figure
 * @param {{since: string, until: string}} period
 */
export function sentence({ title, unit }, { value }, { since, until }) {
  const all = unit === "contacts" ? "in all" : "over all";
  return `${title} by day, ${since} to ${until}: ${valueText(value, unit)} ${all}.`;
}

/**
 * @param {{name: string}} definition the label of a value of a dimension
 * @param {string} dimension
 */
export const noneText = ({ name }, dimension) =>
  ({ intent: "not understood", reason: "no hand-off", model: "no model" })[dimension] ?? name;

/**
 * How far a log that is older than the figures is counted.
 *
 * @param {number} counted a share
 */
export const fillingText = (counted) =>
  counted === 1
    ? ""
    : `Older conversations are being counted, the newest first: ${
      Math.floor(counted * 100)
    } % are in the figures so far.`;
