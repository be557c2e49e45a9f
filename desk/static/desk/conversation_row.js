// @ts-check
/** What a row of the list says: who, since when they wait, the last words, and whose it is. */

import { channelName } from "../shared/channels.js";
import { make } from "../staff/element.js";
import { exactTime, stamp, waited } from "../staff/moments.js";
import { dueBadge, urgencyOf } from "../staff/service_level.js";
import { priorityName } from "../staff/words.js";
import { ownerName } from "./standing.js";
import { snoozedWords } from "./snooze.js";
import { forRow } from "./tag_words.js";
import { customerWaitsSince } from "./views.js";

/** @typedef {import("../staff/types.js").Conversation} Conversation */

/**
 * @param {import("../staff/types.js").Offer} offer
 * @param {string} userId
 */
function offeredWords({ agent }, userId) {
  return agent.id === userId ? "Offered to you" : `Offered to ${agent.name}`;
}

/**
 * @param {Conversation & {found?: import("./found.js").FoundLine|null}} conversation
 * @param {string} userId
 * @param {number} unread
 * @param {boolean} ownerShown
 */
export function rowContent(conversation, userId, unread, ownerShown) {
  const now = new Date();
  const { customer, last_message: last, handoff, updated_at, channel, snoozed, blocked } =
    conversation;
  const since = customerWaitsSince(conversation);
  const who = last?.author === "customer" || last?.author === "system"
    ? ""
    : last?.author === "bot"
    ? "Bot: "
    : last?.private
    ? "Note: "
    : `${last?.author_name ?? "Agent"}: `;
  const time = since
    ? make(
      "time",
      {
        datetime: since,
        class: "wait",
        "data-since": since,
        "data-urgency": urgencyOf(handoff, since, now),
        title: `Waiting since ${exactTime(since)}`,
      },
      waited(since, now),
    )
    : make("time", { datetime: updated_at, title: exactTime(updated_at) }, stamp(updated_at, now));
  return [
    make(
      "span",
      { class: "row-top" },
      make("b", { class: "row-name" }, customer.name),
      since ? make("span", { class: "visually-hidden" }, " waiting for ") : null,
      time,
    ),
    conversation.found
      ? foundLine(conversation.found)
      : make("span", { class: "row-snippet" }, last ? `${who}${last.text}` : "No messages yet"),
    make(
      "span",
      { class: "row-foot" },
      handoff?.tier ? make("span", { class: "badge tier" }, handoff.tier) : null,
      since && handoff && handoff.priority !== "normal"
        ? make("span", { class: "badge priority" }, priorityName(handoff.priority))
        : null,
      ownerShown ? make("span", { class: "badge owner" }, ownerName(conversation, userId)) : null,
      conversation.mentions.includes(userId)
        ? make("span", { class: "badge mentioned" }, "@ You")
        : null,
      blocked ? make("span", { class: "badge blocked" }, "Blocked") : null,
      snoozed ? make("span", { class: "badge snoozed" }, snoozedWords(snoozed, now)) : null,
      make("span", { class: "row-channel" }, channelName(channel)),
      conversation.tags.length > 0 ? tagWords(conversation.tags) : null,
      handoff?.offer ? make("span", { class: "badge" }, offeredWords(handoff.offer, userId)) : null,
      conversation.state === "waiting" && handoff
        ? make("span", { class: "row-reason" }, handoff.reason.text)
        : null,
      since && handoff ? dueBadge(handoff) : null,
      unread > 0
        ? make(
          "span",
          { class: "unread" },
          String(unread),
          make("span", { class: "visually-hidden" }, " unread"),
        )
        : null,
    ),
  ];
}

/** @param {string[]} tags */
function tagWords(tags) {
  const { shown, more } = forRow(tags);
  return make(
    "span",
    { class: "row-tags", title: tags.join(", ") },
    make("span", { class: "visually-hidden" }, " Tags: "),
    ...shown.map((tag) => make("span", null, tag)),
    more > 0 ? make("span", { class: "row-tags-more" }, `+${more}`) : null,
  );
}

/** @param {import("./found.js").FoundLine} found */
function foundLine({ private: note, parts }) {
  const marked = parts.map(({ text, hit }) => hit ? make("mark", null, text) : text);
  return make("span", { class: "row-snippet found" }, note ? "Note: " : null, ...marked);
}
