// @ts-check
/** What a search for clusters says of itself; pure. */

/** @typedef {import("./clusters.js").Discovery} Discovery */
/** @typedef {import("./clusters.js").Cluster} Cluster */

/** @param {number} count @param {string} one */
export const counted = (count, one) =>
  `${count.toLocaleString("en-GB")} ${one}${count === 1 ? "" : "s"}`;

/** @param {Cluster} cluster */
export function sizeWords({ messages, texts }) {
  if (messages === texts) return counted(messages, "message");
  return `${counted(messages, "message")}, ${counted(texts, "wording")}`;
}

/** @param {Cluster} cluster */
export function nearestWords({ nearest, similarity }) {
  if (nearest === null || similarity === null) return "";
  return `${nearest}, ${Math.round(Math.max(similarity, 0) * 100)} % alike`;
}

/** @param {Cluster} cluster */
export function trendWords({ trend }) {
  const half = Math.floor(trend.length / 2);
  const sum = (/** @type {number[]} */ days) => days.reduce((all, one) => all + one, 0);
  const [before, lately] = [sum(trend.slice(0, half)), sum(trend.slice(half))];
  return `Messages a day over ${trend.length} days: ${before} in the first half, ${lately} in the second`;
}

/**
 * A headline and what it means, for when there is nothing to show.
 *
 * @param {Discovery} discovery
 * @returns {[string, string]|null} null while there are clusters
 */
export function emptyWords({ state, messages, days, clusters }) {
  if (state === "never") {
    return [
      "Nothing was looked for yet.",
      "Messages that the bot did not understand are put together here by what they say. " +
      "Each group may be a request that the bot has to learn.",
    ];
  }
  if (state !== "done" || clusters.length > 0) return null;
  if (messages === 0) {
    return [
      `There is no message of the last ${days} days that the bot did not understand.`,
      "What it refuses or is unsure of, and nobody has labelled, is counted. Look again when customers have written.",
    ];
  }
  return [
    "No group is left.",
    `${counted(messages, "message")} of the last ${days} days were looked at. A group has five messages or more; ` +
    "what was labelled or dismissed is not shown.",
  ];
}

/**
 * @param {Discovery} discovery
 * @param {string} when the search ended, in words
 */
export function stateWords({ state, messages, days, error }, when) {
  if (state === "running") return messages ? `Reading ${counted(messages, "message")}…` : "Starting…";
  if (state === "failed") {
    return error === "Stopped"
      ? "The search was stopped before its end. Start it again."
      : `The search failed (${error}). Start it again; the server's log says more.`;
  }
  if (state === "done") {
    return `${counted(messages, "message")} of the last ${days} days, looked at ${when}`;
  }
  return "";
}

const NAME = /^[a-z][a-z0-9_]*$/;

/**
 * Why an intent cannot be called so; empty when it can.
 *
 * @param {string} name
 */
export function nameProblem(name) {
  if (NAME.test(name)) return "";
  return "Write small letters, digits and _, a letter first: check_warranty.";
}
