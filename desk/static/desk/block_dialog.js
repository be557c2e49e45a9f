// @ts-check
/** The dialog that blocks a customer: why, for how long, and what it does. */

import { channelName } from "../shared/channels.js";
import { REASONS, SPANS } from "../staff/block_words.js";
import { make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";

/** @typedef {{reason: string, hours: number|null, only_address: boolean}} Wanted */

/**
 * @param {object} options
 * @param {string} options.name the customer's
 * @param {string} options.channel where the conversation is answered
 * @param {(wanted: Wanted) => Promise<void>} options.submit
 */
export function openBlockDialog({ name, channel, submit }) {
  const reason = choice(
    "block-reason",
    Object.entries(REASONS).map(([value, words]) => ({ value, words })),
  );
  const span = choice(
    "block-span",
    SPANS.map(({ name, hours }) => ({ value: String(hours ?? ""), words: name })),
  );
  const where = choice("block-where", [
    { value: "", words: "Wherever they write" },
    { value: "address", words: `Only this address on ${channelName(channel)}` },
  ]);
  openFormDialog({
    title: "Block",
    confirm: "Block",
    content: [
      make("p", null, "The conversation with ", make("bdi", null, name), " is closed as spam."),
      make(
        "p",
        { class: "quiet" },
        "They are told once that the chat is closed. What they write after that is kept, and nobody " +
          "is asked to answer it, also from addresses that turn out to be theirs. You or a lead can " +
          "lift the block.",
      ),
      make("label", { for: "block-reason" }, "Why?"),
      reason,
      make("label", { for: "block-span" }, "For how long?"),
      span,
      make("label", { for: "block-where" }, "Where?"),
      where,
    ],
    submit: () =>
      submit({
        reason: reason.value,
        hours: span.value === "" ? null : Number(span.value),
        only_address: where.value === "address",
      }),
  });
  reason.focus();
}

/**
 * @param {string} id
 * @param {{value: string, words: string}[]} options
 */
function choice(id, options) {
  return make(
    "select",
    { id },
    ...options.map(({ value, words }) => make("option", { value }, words)),
  );
}
