// @ts-check
/** What the command palette offers at this moment: nothing that cannot be done. */

import { get } from "../staff/api.js";
import { factsOf, filled } from "./canned.js";
import { KEYS } from "./keys.js";
import { ownerName } from "./standing.js";
import { VIEWS } from "./views.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./palette.js").Entry} Entry */

/**
 * @param {Desk} desk
 * @returns {Entry[]}
 */
export function paletteEntries(desk) {
  return [...commands(desk), ...views(desk), ...conversations(desk)];
}

/**
 * @param {Desk} desk
 * @returns {Entry[]}
 */
function commands(desk) {
  const { situation } = desk.keyboard;
  return KEYS.flatMap(({ action, keys, words, when }) => {
    if (when === null || !situation[when] || action === "send" || action === "canned") return [];
    return [{
      kind: "command",
      name: words,
      keys,
      run: () => desk.keyboard.obey({ action, code: "" }),
    }];
  });
}

/**
 * @param {Desk} desk
 * @returns {Entry[]}
 */
function views(desk) {
  return VIEWS.filter(({ id }) => id !== desk.view).map(({ id, name }) => ({
    kind: "view",
    name,
    run: () => desk.chooseView(id),
  }));
}

/**
 * Those of all views, the newest first.
 *
 * @param {Desk} desk
 * @returns {Entry[]}
 */
function conversations(desk) {
  const known = [...desk.inbox.conversations.values()].filter(({ id }) => id !== desk.open?.id);
  return known
    .sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at))
    .map((one) => ({
      kind: "conversation",
      name: one.customer.name,
      text: [ownerName(one, desk.user.id), one.last_message?.text].filter(Boolean).join(" · "),
      number: one.id,
      run: () => desk.go(one.id),
    }));
}

/**
 * The canned replies, where one can be sent.
 *
 * @param {Desk} desk
 * @returns {Promise<Entry[]>}
 */
export async function repliesOf(desk) {
  const detail = desk.open?.detail;
  if (!detail || !desk.keyboard.situation.mine) return [];
  /** @type {import("../staff/types.js").Page<import("../staff/types.js").CannedReply>} */
  const { items } = await get("canned-replies");
  const facts = factsOf(detail, desk.user);
  return items.map(({ name, text }) => ({
    kind: "reply",
    name,
    text: filled(text, facts),
    run: () => {
      desk.thread.composer.choose("reply");
      desk.thread.composer.insert(filled(text, facts));
    },
  }));
}
