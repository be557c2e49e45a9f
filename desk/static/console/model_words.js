// @ts-check
/** What the page of models says: states, figures and decisions in words; pure. */

import { waited } from "../staff/moments.js";

/** @typedef {import("./model_book.js").Model} Model */
/** @typedef {import("./model_book.js").Lessons} Lessons */
/** @typedef {import("./model_book.js").AuditEntry} AuditEntry */

/** @type {Record<Model["state"], string>} */
export const STATES = {
  training: "In training",
  candidate: "Candidate",
  live: "Live",
  retired: "Was live",
  failed: "Failed",
  pruned: "File deleted",
};

/** @type {Record<string, (subject: string) => string>} */
const ACTIONS = {
  "model.train": (subject) => `began to train ${subject}`,
  "model.stop": (subject) => `stopped the training of ${subject}`,
  "model.promote": (subject) => `promoted ${subject}`,
  "model.rollback": (subject) => `went back to ${subject}`,
  "model.found": (subject) => `took ${subject}, which was put into the models' folder`,
  "model.prune": (subject) => `deleted the file of ${subject}`,
  "must_pass.added": () => "added a must-pass example",
  "must_pass.removed": () => "took away a must-pass example",
  "labels.imported": () => "imported labels from a file",
  "labels.written": () => "wrote labelled messages into the training data",
  "intent.added": (subject) => `added the intent ${subject}`,
};

/**
 * Why, after what was decided: the model keeps the words of the last decision about it, and the log
 * only that there were some. Earlier versions wrote them into the log.
 *
 * @param {AuditEntry} entry
 * @param {Model[]} models
 */
export function reasonWords({ subject, created_at, details }, models) {
  const decided = models.find(({ id, promoted_at }) =>
    id === subject && promoted_at === created_at
  );
  const reason = details.reason ?? decided?.reason;
  if (reason) return `: “${reason}”`;
  return details.has_reason ? ", with a reason" : "";
}

/** @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** @param {number} count @param {string} one @param {string} [many] */
const counted = (count, one, many = `${one}s`) =>
  `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;

/**
 * What the model's card promises, as pairs of a name and a figure.
 *
 * @param {Model} model
 * @returns {[string, string][]}
 */
export function figuresOf({ figures }) {
  if (!figures) return [];
  return [
    ["Understood, of unseen examples", percent(figures.accuracy)],
    ["Answered at the accepted wrong rate", percent(figures.coverage)],
    ["Calibration error", figures.calibration_error.toFixed(3)],
    ["Examples", figures.examples.toLocaleString("en-GB")],
    ["Intents", String(figures.intents)],
  ];
}

/**
 * What a candidate would learn from labels now.
 *
 * @param {Lessons} lessons
 */
export function lessonWords({ taught, held_out, new_intents }) {
  if (taught === 0) return "Nothing to learn yet: label messages first.";
  const more = new_intents ? ` and ${counted(new_intents, "new intent")}` : "";
  return `It learns from ${counted(taught, "labelled message")}${more}, beside the project's own ` +
    `examples, and is judged by ${counted(held_out, "more labelled message")}.`;
}

/** @param {Model} model */
export function gateWords({ gate_passed }) {
  if (gate_passed === null) return "Not compared";
  return gate_passed ? "Gate passed" : "Gate not passed";
}

/**
 * Whether a lead may make it live, and whether that needs a reason.
 *
 * @param {Model} model
 * @returns {"no"|"yes"|"with a reason"}
 */
export function mayPromote({ state, gate_passed }) {
  if (state !== "candidate" && state !== "retired") return "no";
  return gate_passed ? "yes" : "with a reason";
}

/**
 * "52 s", "1:05": how long a training has taken.
 *
 * @param {string} since
 * @param {Date} now
 */
export function elapsed(since, now) {
  const seconds = Math.max(0, Math.floor((now.getTime() - new Date(since).getTime()) / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}

/**
 * How long it has been live.
 *
 * @param {string} since
 * @param {Date} now
 */
export function liveFor(since, now) {
  const span = waited(since, now);
  return span === "now" ? "just now" : `for ${span}`;
}

/**
 * The decision as a sentence without its subject, such as "promoted m2 in place of m1".
 *
 * @param {AuditEntry} entry
 */
export function actionWords({ action, subject, details }) {
  const known = ACTIONS[action];
  // Other parts of the console write here too.
  if (!known) return `${action} ${subject}`;
  const before = details.before ? ` in place of ${details.before}` : "";
  const against = action === "model.promote" && !details.gate_passed ? ", against the gate" : "";
  return `${known(subject)}${before}${against}`;
}
