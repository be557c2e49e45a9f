// @ts-check
/** What a line of the transcript says that nobody wrote as a message: what the system did, and a customer beside writing; pure. */

/** @typedef {{author: string, event: string|null, text: string}} Line */

/** @type {Record<string, (who: string, text: string) => string>} */
const CUSTOMERS = {
  edit: did,
  deletion: did,
  reaction: did,
  survey: (who, text) => `${who} answered the survey: ${text}`,
  one_time_code: (who) => `${who} sent a one-time code.`,
  opt_out: (who, text) => `${who} wrote “${text}”: no more messages on this channel.`,
  opt_in: (who, text) => `${who} wrote “${text}”: messages on this channel again.`,
};

/** @param {Pick<Line, "author"|"event">} line */
export function isHappening({ author, event }) {
  return author === "system" || (event !== null && event in CUSTOMERS);
}

/**
 * @param {Line} line
 * @param {string} who the customer, as the reader knows them
 */
export function inOneLine({ author, event, text }, who) {
  return author === "system" ? text : (CUSTOMERS[event ?? ""] ?? did)(who, text);
}

/**
 * The server says "Reacted with 👍"; here it is somebody who did.
 *
 * @param {string} who
 * @param {string} text
 */
function did(who, text) {
  return `${who} ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
