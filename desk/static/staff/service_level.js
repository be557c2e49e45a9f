// @ts-check
/** Until when a customer was promised a reply, in words and colour. Both are made here, from times that never change: no server has to tell a page that a minute has passed. */

import { make } from "./element.js";
import { exactTime, urgency, waited } from "./moments.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {"fresh"|"soon"|"late"} Level */

const MINUTE = 60_000;

/**
 * How the promise stands; null where there is none, or where it was kept or missed already.
 *
 * @param {Place} place
 * @param {Date} now
 * @returns {{level: Level, words: string}|null}
 */
export function serviceLevel({ due_at, warn_at, replied_at }, now) {
  if (!due_at || replied_at) return null;
  const left = Date.parse(due_at) - now.getTime();
  if (left <= 0) return { level: "late", words: `Overdue ${late(due_at, now)}` };
  const warned = warn_at !== null && Date.parse(warn_at) <= now.getTime();
  return { level: warned ? "soon" : "fresh", words: `Reply due ${span(left)}` };
}

/**
 * By the promise, or else by how long they have waited.
 *
 * @param {Place|null} place
 * @param {string} since
 * @param {Date} now
 * @returns {Level}
 */
export function urgencyOf(place, since, now) {
  return (place && serviceLevel(place, now)?.level) ?? urgency(since, now);
}

/**
 * The promise as a badge that `tickDue` keeps true; null where there is none.
 *
 * @param {Place} place
 */
export function dueBadge(place) {
  if (!serviceLevel(place, new Date())) return null;
  const badge = make("span", {
    class: "badge due",
    "data-due": place.due_at,
    "data-warn": place.warn_at,
    title: `First reply due at ${exactTime(place.due_at ?? "")}`,
  });
  showDue(badge);
  return badge;
}

/** @param {ParentNode} root */
export function tickDue(root) {
  for (const badge of root.querySelectorAll(".due")) showDue(badge);
}

/** @param {Element} badge */
function showDue(badge) {
  const place = {
    due_at: badge.getAttribute("data-due"),
    warn_at: badge.getAttribute("data-warn"),
    replied_at: null,
  };
  const shown = serviceLevel(/** @type {Place} */ (place), new Date());
  if (!shown) return;
  badge.setAttribute("data-level", shown.level);
  if (badge.textContent !== shown.words) badge.textContent = shown.words;
}

/** @param {number} ms */
function span(ms) {
  if (ms < MINUTE) return "in under 1 min";
  const minutes = Math.ceil(ms / MINUTE);
  if (minutes < 60) return `in ${minutes} min`;
  return minutes < 60 * 24
    ? `in ${Math.round(minutes / 60)} h`
    : `in ${Math.round(minutes / 1440)} d`;
}

/**
 * @param {string} since
 * @param {Date} now
 */
function late(since, now) {
  const words = waited(since, now);
  return words === "now" ? "just now" : words;
}
