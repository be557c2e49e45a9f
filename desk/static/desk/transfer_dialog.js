// @ts-check
/** The dialog that hands a conversation to another agent or back to the queue, with a note for them. */

import { ApiError, get, inWords } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { PRESENCE } from "./presence_switch.js";

/** @typedef {import("../staff/types.js").User & {online: boolean, presence: import("../staff/types.js").Agent["presence"]}} Colleague */
/** @typedef {import("../staff/types.js").Named & {open: boolean}} Queue */

/**
 * @param {object} options
 * @param {string} options.userId
 * @param {(body: Record<string, string>) => Promise<void>} options.submit
 */
export function openTransferDialog({ userId, submit }) {
  const note = make("textarea", { rows: "3", id: "transfer-note" });
  const ways = make("div", { class: "ways-list" }, make("p", { class: "quiet" }, "Loading…"));
  const targets = make(
    "fieldset",
    { class: "ways" },
    make("legend", null, "Who should take it?"),
    ways,
  );
  showTargets(ways, { userId, note });
  openFormDialog({
    title: "Transfer",
    confirm: "Transfer",
    content: [
      targets,
      make("label", { for: "transfer-note" }, "Private note for them"),
      note,
    ],
    submit: () => {
      const chosen = targets.querySelector("input:checked");
      if (!(chosen instanceof HTMLInputElement)) {
        return Promise.reject(new ApiError(0, "no_target", "Choose who should take it."));
      }
      /** @type {Record<string, string>} */
      const body = { [chosen.dataset.kind ?? "queue"]: chosen.value };
      if (note.value.trim()) body.note = note.value.trim();
      return submit(body);
    },
  });
}

/**
 * @param {HTMLElement} place
 * @param {{userId: string, note: HTMLTextAreaElement}} options
 */
async function showTargets(place, { userId, note }) {
  try {
    const [queues, users] = await Promise.all([get("queues"), get("users")]);
    const others = /** @type {Colleague[]} */ (users.items)
      .filter((one) => one.id !== userId)
      .sort((a, b) => Number(isThere(b)) - Number(isThere(a)) || a.name.localeCompare(b.name));
    const all = [
      .../** @type {Queue[]} */ (queues.items).map(({ id, name, open }) =>
        target("queue", id, `${name} queue`, open ? "Whoever is free claims it" : "Closed now")
      ),
      ...others.map((one) =>
        target("agent_id", one.id, one.name, one.online ? PRESENCE[one.presence] : PRESENCE.away)
      ),
    ];
    fill(place, ...all);
    const first = place.querySelector("input");
    if (!first) return;
    first.checked = true;
    // The dialog opened before there was anything to choose; whoever writes already is not disturbed.
    if (note.value === "") first.focus();
  } catch (error) {
    fill(place, make("p", { class: "bad" }, inWords(error)));
  }
}

/** @param {Colleague} colleague */
const isThere = ({ online, presence }) => online && presence === "online";

/**
 * @param {"queue"|"agent_id"} kind
 * @param {string} value
 * @param {string} name
 * @param {string} words
 */
function target(kind, value, name, words) {
  return make(
    "label",
    { class: "way" },
    make("input", { type: "radio", name: "target", value, "data-kind": kind }),
    make("span", null, make("b", null, name), make("span", { class: "quiet" }, words)),
  );
}
