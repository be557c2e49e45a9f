// @ts-check
/** What was given up on, why, and what may become of it, in words; pure. */

/** @typedef {import("../staff/types.js").DeadLetter} DeadLetter */

/** @type {Record<string, string>} What failed last: codes of the delivery, and names of errors. */
const ERRORS = {
  sender_died: "the program stopped while it was sending",
  unreachable: "the provider could not be reached",
  no_answer: "the provider never answered",
  unreadable_answer: "the provider answered something unreadable",
  TimeoutError: "no answer in time",
  ProcessDied: "the program stopped at every try",
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

/** @param {string} error */
function problem(error) {
  const status = /^http_(\d{3})$/.exec(error)?.[1];
  if (status) return `the provider answered ${status}`;
  return ERRORS[error] ?? `unforeseen (${error})`;
}

/** @param {DeadLetter} letter */
export function whatFailed(letter) {
  const { kind, state, error, attempts } = letter;
  const tries = attempts === 1 ? "once" : `${attempts} times`;
  const cause = error ? ` Last problem: ${problem(error)}.` : "";
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
