// @ts-check
/** The part of the hand-off's card that is about the person: their own words, who they are, their mood. */

import { make } from "./element.js";
import { exactTime } from "./moments.js";
import { verificationName } from "./words.js";

/** @typedef {import("./types.js").Mood} Mood */
/** @typedef {import("./types.js").SummaryLine} SummaryLine */
/** @typedef {import("./types.js").Who} Who */
/** @typedef {(id: string) => void} GoTo */

// Told apart by their shape too: not everybody sees the colours.
const DOTS = { calm: "○", annoyed: "◐", upset: "●" };
const HURRY_MS = 3 * 60 * 60_000;

/** @type {Record<SummaryLine["why"], string>} */
const CHOSEN_FOR = { wish: "The wish", weight: "What weighs", newest: "The newest" };

/**
 * A button that leads to a message of the thread.
 *
 * @param {string} text
 * @param {string} id
 * @param {GoTo} goTo
 */
export function said(text, id, goTo) {
  return make("button", { type: "button", class: "link said", onclick: () => goTo(id) }, text);
}

/**
 * @param {readonly SummaryLine[]} lines
 * @param {GoTo} goTo
 */
export function inTheirWords(lines, goTo) {
  if (lines.length === 0) return null;
  const rows = lines.map(({ text, why, message_id }) =>
    make(
      "li",
      null,
      make("span", { class: "visually-hidden" }, `${CHOSEN_FOR[why]}: `),
      said(text, message_id, goTo),
    )
  );
  return make(
    "section",
    { class: "summary-lines" },
    make("h3", null, "In their words"),
    make("ol", { class: "plain" }, ...rows),
  );
}

/**
 * @param {Who} customer
 * @param {string|null} until when the channel closes for what an agent writes
 * @param {string|null} tier
 */
export function who({ name, level, how, proof }, until, tier) {
  return make(
    "section",
    null,
    make("h3", null, "Who it is"),
    make(
      "p",
      null,
      make("b", null, name),
      " · ",
      make(
        "span",
        { class: level === "verified" || proof ? "good" : null },
        verificationName(level),
      ),
    ),
    tier ? make("p", null, "Membership: ", make("b", null, tier)) : null,
    level === "anyone" ? null : make("p", { class: "quiet" }, how[0].toUpperCase() + how.slice(1)),
    proof ? make("p", { class: "good" }, `✓ Proved here by ${proof}`) : null,
    until ? make("p", null, timeLeft(until)) : null,
  );
}

/** @param {readonly Mood[]} moods */
export function mood(moods) {
  if (moods.length === 0) return null;
  const dots = moods.map(({ level }) =>
    make("span", { class: "mood-dot", "data-level": level }, DOTS[level])
  );
  return make(
    "section",
    null,
    make("h3", null, "Mood"),
    make(
      "p",
      { class: "mood" },
      make("span", { class: "mood-dots", "aria-hidden": "true" }, ...dots),
      make("span", null, moodInWords(moods)),
    ),
  );
}

/**
 * How it is now, and how many messages before it were worse or better.
 *
 * @param {readonly Mood[]} moods
 */
export function moodInWords(moods) {
  const now = moods[moods.length - 1].level;
  const before = moods.slice(0, -1);
  /** @param {Mood["level"]} level */
  const count = (level) => before.filter((one) => one.level === level).length;
  const parts = /** @type {Mood["level"][]} */ (["upset", "annoyed", "calm"])
    .filter((level) => level !== now && count(level) > 0)
    .map((level) => `${count(level)} × ${level} before`);
  const name = now[0].toUpperCase() + now.slice(1);
  return [`${name} now`, ...parts].join(", ");
}

/**
 * Also where the card is folded, once there is little time.
 *
 * @param {string|null} until
 */
export function hurry(until) {
  if (until === null || Date.parse(until) - Date.now() > HURRY_MS) return null;
  return make("span", { class: "badge handoff-hurry" }, timeLeft(until));
}

/** @param {string} until */
function timeLeft(until) {
  return make("time", {
    datetime: until,
    "data-until": until,
    title: `The channel takes what you write until ${exactTime(until)}`,
  });
}
