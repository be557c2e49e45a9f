// @ts-check
/** What the team's page says of people and queues; pure. */

/**
 * @typedef {object} Member
 * @property {string} id
 * @property {string} name
 * @property {string} email
 * @property {"agent"|"lead"|"admin"} role
 * @property {boolean} online a page of theirs is open
 * @property {"online"|"away"|"wrap_up"} presence
 * @property {string[]} queues none are all of them
 * @property {string[]} skills
 * @property {number} capacity
 * @property {number} load
 * @property {number} missed_offers in a row
 *
 * @typedef {object} QueueLine
 * @property {string} id
 * @property {string} name
 * @property {string[]} skills
 * @property {boolean} open
 * @property {number} waiting
 * @property {number} warned
 * @property {number} late
 * @property {number} serving
 */

/**
 * Whether they can be given somebody, in a word: who has no page open is not there, whatever they said.
 *
 * @param {Pick<Member, "online"|"presence">} member
 * @returns {{state: "online"|"away"|"gone", words: string}}
 */
export function standing({ online, presence }) {
  if (!online) return { state: "gone", words: "Not here" };
  if (presence === "online") return { state: "online", words: "Online" };
  return { state: "away", words: presence === "away" ? "Away" : "Wrap-up" };
}

/**
 * @param {Pick<Member, "queues">} member
 * @param {readonly Pick<QueueLine, "id"|"name">[]} queues
 */
export function servedBy({ queues: served }, queues) {
  if (served.length === 0) return "All queues";
  return served.map((id) => queues.find((one) => one.id === id)?.name ?? id).join(", ");
}

/**
 * The skills a text field holds: words between commas, each once.
 *
 * @param {string} typed
 */
export function skillsIn(typed) {
  return [...new Set(typed.split(",").map((word) => word.trim()).filter(Boolean))];
}

/**
 * How the promise stands for those who wait.
 *
 * @param {Pick<QueueLine, "waiting"|"warned"|"late">} queue
 * @returns {{level: "late"|"soon"|"fresh", words: string}}
 */
export function promise({ waiting, warned, late }) {
  if (late > 0) return { level: "late", words: `${late} overdue` };
  if (warned > 0) return { level: "soon", words: `${warned} due soon` };
  return { level: "fresh", words: waiting > 0 ? "in time" : "nobody waits" };
}

/** @param {Pick<QueueLine, "open"|"serving">} queue */
export function staffed({ open, serving }) {
  if (!open) return "Closed now";
  if (serving === 0) return "Nobody is there";
  return serving === 1 ? "1 agent is there" : `${serving} agents are there`;
}
