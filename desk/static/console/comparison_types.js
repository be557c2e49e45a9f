// @ts-check
/**
 * A comparison of two models as bot/learning/comparison.py writes it; types only, nothing runs here.
 * `old` is null where there was no live model.
 *
 * @typedef {{value: number|null, low: number|null, high: number|null, n: number}} Figure
 * @typedef {{old: Figure|null, new: Figure}} Pair
 * @typedef {{confidence: number, right: number, n: number}} ReliabilityPoint
 * @typedef {{old: ReliabilityPoint[], new: ReliabilityPoint[]}} Reliability
 *
 * @typedef {object} IntentRow
 * @property {string} intent
 * @property {Pair} f1
 * @property {Pair} precision
 * @property {Pair} recall
 * @property {number|null} change of f1, where both are known
 *
 * @typedef {object} ConfusionRow
 * @property {string} intent
 * @property {string} taken_for
 * @property {number|null} old
 * @property {number} new
 * @property {number|null} old_of
 * @property {number} new_of
 *
 * @typedef {{asked: number, old_right: number, new_right: number, fixed: number, broken: number, p: number}} Tally
 *
 * @typedef {object} Source messages whose truth is known
 * @property {{old: number|null, new: number}} asked
 * @property {Pair} accuracy
 * @property {Pair} calibration_error
 * @property {{auroc: Pair, recall: Pair}} out_of_scope
 * @property {Reliability} reliability
 * @property {IntentRow[]} intents what changed most first
 * @property {ConfusionRow[]} confusions
 *
 * @typedef {object} Promised what one model promises of a risk class
 * @property {number|null} from the confidence it answers from
 * @property {number|null} bound
 * @property {Figure|null} coverage
 * @property {number} answered held-out messages
 * @property {number} wrong
 * @property {Figure} wrong_rate
 * @property {boolean} above
 *
 * @typedef {object} RiskClass
 * @property {string} name
 * @property {number} accepted_wrong_rate
 * @property {number} guarantee
 * @property {Promised|null} old
 * @property {Promised|null} new
 *
 * @typedef {object} Decision
 * @property {"answers"|"article"|"asks"|"hands_off"|"form"} kind
 * @property {string[]} intents
 * @property {string|null} reason
 * @property {string|null} guess
 * @property {number|null} confidence
 *
 * @typedef {object} ReplayedTurn
 * @property {string} turn_id
 * @property {string} conversation_id
 * @property {string|null} text null where the customer deleted it
 * @property {string|null} truth
 * @property {"label"|"wrap_up"|null} truth_from
 * @property {boolean} taught
 * @property {Decision} old
 * @property {Decision} new
 *
 * @typedef {"fixed"|"broken"|"changed"} ListName
 *
 * @typedef {object} Replay
 * @property {number} turns
 * @property {number} judged
 * @property {Record<string, number>} left_out
 * @property {Record<ListName|"same", number>} counts
 * @property {Tally} known
 * @property {Tally} taught
 * @property {{old: number, new: number}} answered
 * @property {Record<ListName, ReplayedTurn[]>} lists
 *
 * @typedef {{code: string, passed: boolean|null, text: string}} Check
 *
 * @typedef {object} Comparison
 * @property {string|null} live
 * @property {string} candidate
 * @property {string} verdict
 * @property {Source & {paired: Tally|null}} held_out
 * @property {Source|null} unseen
 * @property {RiskClass[]} classes
 * @property {{added: string[], gone: string[]}} intents
 * @property {Replay|null} replay
 * @property {{text: string, intent: string, old_right: boolean|null, new_right: boolean}[]} must_pass
 * @property {{passed: boolean, reasons: {code: string, text: string}[], checks: Check[]}} gate
 */

export {};
