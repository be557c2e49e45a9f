// @ts-check
/** The dialogs that find something for the draft, or somewhere to go. */

import { factsOf } from "./canned.js";
import { openCannedDialog } from "./canned_dialog.js";
import { openKnowledgeDialog } from "./knowledge_dialog.js";
import { openMentionDialog } from "./mention_dialog.js";
import { openPaletteDialog } from "./palette_dialog.js";
import { paletteEntries, repliesOf } from "./palette_entries.js";

/** @typedef {import("./desk.js").Desk} Desk */

/**
 * Begins with what the customer asked last: mostly that is what the agent is looking for.
 *
 * @param {Desk} desk
 */
export function searchKnowledge(desk) {
  const messages = desk.open?.detail?.messages;
  if (!messages) return;
  const asked = messages.findLast((one) => one.author === "customer" && one.event === null);
  openKnowledgeDialog({
    question: asked?.text ?? "",
    insert: (text) => desk.thread.composer.insert(text),
  });
}

/** @param {Desk} desk */
export function chooseCanned(desk) {
  const detail = desk.open?.detail;
  if (!detail) return;
  openCannedDialog({
    facts: factsOf(detail, desk.user),
    insert: (text) => desk.thread.composer.insert(text),
  });
}

/**
 * The command palette.
 *
 * @param {Desk} desk
 */
export function openPalette(desk) {
  openPaletteDialog({ entries: paletteEntries(desk), later: () => repliesOf(desk) });
}

/** @param {Desk} desk */
export function mention(desk) {
  const write = (/** @type {string} */ text) => desk.thread.composer.type(text);
  openMentionDialog({ userId: desk.user.id, write });
}
