// @ts-check
/** In the customer panel: that somebody is blocked, or the way to block them. */

import { heardWords, REASONS, spanWords } from "../staff/block_words.js";
import { make } from "../staff/element.js";
import { standing } from "./standing.js";

/** @typedef {import("../staff/types.js").ConversationDetail} ConversationDetail */

/**
 * @param {ConversationDetail} detail
 * @param {{id: string, leads: boolean}} user
 * @param {(wish: "block"|"lift") => void} tell
 */
export function blockLines(detail, user, tell) {
  const { block } = detail;
  if (!block) {
    // A colleague who writes with them decides, or a lead.
    if (standing(detail, user.id) === "theirs" && !user.leads) return [];
    const ask = () => tell("block");
    return [
      make(
        "p",
        { class: "block-way" },
        make("button", { type: "button", class: "button quiet-button", onclick: ask }, "Block…"),
      ),
    ];
  }
  const lift = () => tell("lift");
  const mayLift = user.leads || block.by?.id === user.id;
  return [
    make(
      "div",
      { class: "blocked-box", role: "group", "aria-label": "Block" },
      make(
        "p",
        null,
        make("b", null, "Blocked"),
        ` ${spanWords(block)}: ${REASONS[block.reason].toLowerCase()}`,
      ),
      make(
        "p",
        { class: "quiet" },
        block.by ? `By ${block.by.name}. ` : "",
        block.channel ? "Only this address. " : "",
        heardWords(block),
      ),
      mayLift &&
        make("button", { type: "button", class: "button", onclick: lift }, "Lift the block"),
    ),
  ];
}
