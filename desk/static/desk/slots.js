// @ts-check
/** The values an agent corrected or added before giving a conversation back; pure. */

/**
 * Only what differs is sent: an untouched value keeps its type and its source. Emptied ones are left as they were.
 *
 * @param {ReadonlyMap<string, string>} known
 * @param {readonly (readonly [string, string])[]} entered
 * @returns {Record<string, string>}
 */
export function changedSlots(known, entered) {
  /** @type {Record<string, string>} */
  const slots = {};
  for (const [rawName, rawValue] of entered) {
    const name = rawName.trim();
    const value = rawValue.trim();
    if (name !== "" && value !== "" && known.get(name) !== value) slots[name] = value;
  }
  return slots;
}
