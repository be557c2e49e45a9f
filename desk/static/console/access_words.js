// @ts-check
/** What the page of access says of people, sessions and API tokens; pure. */

import { clockTime, dateOf, stamp, waited } from "../staff/moments.js";

/**
 * @typedef {"program"|"agent"|"lead"|"admin"} Role
 *
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name
 * @property {string} email
 * @property {Role} role
 * @property {boolean} has_password
 * @property {string|null} signed_in_at
 * @property {string|null} waits_until
 * @property {string|null} revoked_at
 *
 * @typedef {object} Session
 * @property {string} id
 * @property {string} user_id
 * @property {string} device
 * @property {string} created_at
 * @property {string} seen_at
 * @property {string} ends_at
 * @property {boolean} current
 *
 * @typedef {object} Token
 * @property {string} id
 * @property {string} user_id
 * @property {string} name
 * @property {string[]} scopes
 * @property {string} created_at
 * @property {string} expires_at
 * @property {string|null} last_used_at
 *
 * @typedef {object} Proof what a list shows of a session or a token
 * @property {string} id
 * @property {string} title
 * @property {string} who
 * @property {string} facts
 * @property {boolean} bad
 * @property {string|null} ends the words on the button that ends it; null for the page's own session
 */

/** @type {Record<Role, string>} */
export const ROLES = {
  agent: "answers customers at the desk",
  lead: "decides what the bot does, besides",
  admin: "decides who gets in, besides",
  program: "has API tokens and no password",
};

/** @type {Record<string, string>} */
export const SCOPES = {
  read: "look at everything its owner may see",
  write: "answer and change what its owner may",
  signals: "report what a customer just did",
  admin: "decide who gets in, for admins' tokens",
};

/**
 * How somebody stands, in a word: what matters most of it.
 *
 * @param {Person} person
 * @param {Date} now
 * @returns {{state: "ended"|"waits"|"new"|"in", words: string}}
 */
export function standing(person, now) {
  if (person.revoked_at !== null) return { state: "ended", words: "Account ended" };
  if (person.waits_until !== null && new Date(person.waits_until) > now) {
    return { state: "waits", words: `Locked until ${clockTime(person.waits_until)}` };
  }
  if (person.role === "program") return { state: "in", words: "By API token" };
  if (!person.has_password) return { state: "new", words: "No password yet" };
  if (person.signed_in_at === null) return { state: "in", words: "Not signed in yet" };
  return { state: "in", words: `Signed in ${stamp(person.signed_in_at, now)}` };
}

/**
 * @param {Session} session
 * @param {readonly Person[]} people
 * @param {Date} now
 * @returns {Proof}
 */
export function ofSession(session, people, now) {
  return {
    id: session.id,
    title: session.device,
    who: nameOf(session.user_id, people),
    facts: session.current
      ? "this page"
      : `since ${stamp(session.created_at, now)}, ${usedWords(session, now)}`,
    bad: false,
    ends: session.current ? null : "Sign out",
  };
}

/**
 * One of the reader's own.
 *
 * @param {Session} session
 * @param {Date} now
 * @returns {Proof}
 */
export function ofOwnSession(session, now) {
  const shown = ofSession(session, [], now);
  return {
    ...shown,
    who: `Signed in ${stamp(session.created_at, now)}`,
    facts: session.current ? "This device, this page" : usedWords(session, now),
    ends: session.current ? null : "End",
  };
}

/**
 * One of the reader's own.
 *
 * @param {Token} token
 * @param {Date} now
 * @returns {Proof}
 */
export function ofOwnToken(token, now) {
  return { ...ofToken(token, [], now), who: `For ${token.scopes.join(", ")}` };
}

/**
 * What tokens of somebody in this role can be good for.
 *
 * @param {string} role
 */
export function scopesOf(role) {
  return Object.keys(SCOPES).filter((scope) => scope !== "admin" || role === "admin");
}

/**
 * @param {Session} session
 * @param {Date} now
 */
function usedWords(session, now) {
  const seen = waited(session.seen_at, now);
  return `used ${seen === "now" ? "now" : `${seen} ago`}`;
}

/**
 * @param {Token} token
 * @param {readonly Person[]} people
 * @param {Date} now
 * @returns {Proof}
 */
export function ofToken(token, people, now) {
  const ended = new Date(token.expires_at) <= now;
  const used = token.last_used_at === null
    ? "never used"
    : `used ${stamp(token.last_used_at, now)}`;
  return {
    id: token.id,
    title: token.name,
    who: `${nameOf(token.user_id, people)} · ${token.scopes.join(", ")}`,
    facts: `${ended ? "ended" : "until"} ${dateOf(token.expires_at)}, ${used}`,
    bad: ended,
    ends: "Delete",
  };
}

/**
 * @param {string} userId
 * @param {readonly Person[]} people
 */
function nameOf(userId, people) {
  return people.find((one) => one.id === userId)?.name ?? "Somebody";
}
