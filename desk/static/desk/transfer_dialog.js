// @ts-check
/** The dialog that hands a conversation to another agent or back to the queue, with a note for them. */

import { get, inWords } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";

/** @typedef {import("../staff/types.js").User & {online: boolean}} Colleague */

const QUEUE = "support";

/**
 * @param {object} options
 * @param {string} options.userId
 * @param {(body: Record<string, string>) => Promise<void>} options.submit
 */
export function openTransferDialog({ userId, submit }) {
  const colleagues = make("div", null, make("p", { class: "quiet" }, "Loading colleagues…"));
  const note = make("textarea", { rows: "3", id: "transfer-note" });
  const targets = make(
    "fieldset",
    { class: "ways" },
    make("legend", null, "Who should take it?"),
    target("", "The support queue", "Whoever is free claims it", true),
    colleagues,
  );
  showColleagues(colleagues, userId);
  openFormDialog({
    title: "Transfer",
    confirm: "Transfer",
    content: [
      targets,
      make("label", { for: "transfer-note" }, "Note for them (the customer never sees it)"),
      note,
    ],
    submit: () => {
      const chosen = targets.querySelector("input:checked");
      const agentId = chosen instanceof HTMLInputElement ? chosen.value : "";
      /** @type {Record<string, string>} */
      const body = agentId ? { agent_id: agentId } : { queue: QUEUE };
      if (note.value.trim()) body.note = note.value.trim();
      return submit(body);
    },
  });
}

/**
 * @param {HTMLElement} place
 * @param {string} userId
 */
async function showColleagues(place, userId) {
  try {
    const { items } = await get("users");
    const others = /** @type {Colleague[]} */ (items)
      .filter((one) => one.id !== userId)
      .sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
    fill(
      place,
      ...others.map((one) => target(one.id, one.name, one.online ? "Online" : "Away", false)),
    );
  } catch (error) {
    fill(place, make("p", { class: "bad" }, inWords(error)));
  }
}

/**
 * @param {string} value
 * @param {string} name
 * @param {string} words
 * @param {boolean} checked
 */
function target(value, name, words, checked) {
  return make(
    "label",
    { class: "way" },
    make("input", { type: "radio", name: "target", value, checked }),
    make("span", null, make("b", null, name), make("span", { class: "quiet" }, words)),
  );
}
