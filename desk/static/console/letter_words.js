// @ts-check
/** What was given up on, why, and what may become of it, in words; pure. */

/** @typedef {import("../staff/types.js").DeadLetter} DeadLetter */

/** @type {Record<string, string>} What failed last: the names of errors as the server keeps them. */
const ERRORS = {
  TimeoutError: "no answer in time",
  ConnectionError: "the connection failed",
  ConnectionTimeoutError: "no answer in time",
  ServerTimeoutError: "no answer in time",
  ClientConnectorError: "the provider could not be reached",
  ClientConnectionError: "the connection failed",
  ServerDisconnectedError: "the provider hung up",
  ClientResponseError: "the provider refused it",
};

/** @type {Record<DeadLetter["author"], string>} */
const WRITERS = {
  customer: "Customer's message",
  bot: "Bot's reply",
  agent: "Agent's reply",
  system: "Notice",
};

/** @param {DeadLetter} letter */
export function stateName({ kind, state }) {
  if (kind === "turn") return "Not answered";
  return state === "unknown" ? "Perhaps sent" : "Not sent";
}

/** @param {DeadLetter} letter */
export function writerName({ kind, author }) {
  return kind === "turn" && author === "system" ? "Return to the bot" : WRITERS[author];
}

/** @param {DeadLetter} letter */
export function whatFailed(letter) {
  const { kind, state, error, attempts } = letter;
  const tries = attempts === 1 ? "once" : `${attempts} times`;
  const cause = error ? ` Last problem: ${ERRORS[error] ?? `unforeseen (${error})`}.` : "";
  if (kind === "turn") return `The bot tried ${tries} and failed.${cause}`;
  if (state === "unknown") return `Nobody knows whether it arrived.${cause}`;
  return `Tried ${tries}, never accepted.${cause}`;
}

/** @param {DeadLetter} letter */
export function dropWords({ kind }) {
  return kind === "turn"
    ? "The bot will not read it again. It stays in the conversation."
    : "It will not be sent again. It stays in the conversation.";
}

/** @param {DeadLetter} letter */
export function resentWords({ kind }) {
  return kind === "turn" ? "The bot reads it again." : "It is being sent again.";
}
