// @ts-check
/** Arranges the transcript into days, events and runs of one author, as the log shows them. */
import { dayKey } from "../shared/format.js";
import { isHappening } from "../shared/happenings.js";

/** @typedef {import("./model.js").Entry} Entry */
/** @typedef {{kind: "day", key: string, at: string}} DayBlock */
/** @typedef {{kind: "event", key: string, entry: Entry}} EventBlock */
/** @typedef {{kind: "group", key: string, author: Entry["author"], name: string, channel: string, at: string, entries: Entry[]}} GroupBlock */
/** @typedef {DayBlock | EventBlock | GroupBlock} Block */

const SAME_RUN_MS = 5 * 60_000;

/**
 * @param {readonly Entry[]} entries
 * @returns {Block[]}
 */
export function arrange(entries) {
  /** @type {Block[]} */
  const blocks = [];
  let day = "";
  let lastAt = 0;
  for (const entry of entries) {
    if (dayKey(entry.at) !== day) {
      day = dayKey(entry.at);
      blocks.push({ kind: "day", key: `day-${day}-${entry.key}`, at: entry.at });
    }
    const at = Date.parse(entry.at);
    const open = blocks.at(-1);
    if (isHappening(entry)) {
      blocks.push({ kind: "event", key: `event-${entry.key}`, entry });
    } else if (
      open?.kind === "group" && open.author === entry.author && open.name === shownName(entry) &&
      open.channel === entry.channel && at - lastAt < SAME_RUN_MS
    ) {
      open.entries.push(entry);
    } else {
      blocks.push({
        kind: "group",
        key: `group-${entry.key}`,
        author: entry.author,
        name: shownName(entry),
        channel: entry.channel,
        at: entry.at,
        entries: [entry],
      });
    }
    lastAt = at;
  }
  return blocks;
}

/**
 * The buttons that may still be pressed: those of the very last message, and only while nothing was said after it.
 * @param {readonly Entry[]} entries
 */
export function liveButtons(entries) {
  const last = entries.at(-1);
  return last === undefined || last.author === "customer" ? [] : last.buttons;
}

/** @param {Entry} entry */
function shownName(entry) {
  if (entry.author === "customer") return "You";
  if (entry.name !== null && entry.name !== "") return entry.name;
  return entry.author === "bot" ? "Warmline assistant" : "Support";
}
