// @ts-check
/** Who was joined to a customer, by what proof, and the way to undo it. */

import { channelName } from "../shared/channels.js";
import { post } from "../staff/api.js";
import { make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { dateOf, exactTime } from "../staff/moments.js";

/** @typedef {import("../staff/types.js").Join} Join */

/**
 * @param {readonly Join[]} joins
 * @param {() => void} undone what to do once one was
 */
export function joinList(joins, undone) {
  return make("ul", { class: "joins" }, ...joins.map((join) => row(join, undone)));
}

/**
 * @param {Join} join
 * @param {() => void} undone
 */
function row(join, undone) {
  const { channel, proof, created_at, undone_at, undone_by } = join;
  const name = channelName(channel);
  const undo = make("button", { type: "button", class: "link" }, "Undo");
  undo.setAttribute("aria-label", `Undo: ${name}`);
  undo.addEventListener("click", () => ask(join, undone));
  const ended = undone_at && `Undone ${dateOf(undone_at)}${undone_by ? ` by ${undone_by}` : ""}`;
  return make(
    "li",
    { class: undone_at ? "is-undone" : null },
    make("b", null, name),
    make("time", { datetime: created_at, title: exactTime(created_at) }, dateOf(created_at)),
    make("span", { class: "quiet join-line" }, proof),
    ended ? make("span", { class: "quiet join-line" }, ended) : undo,
  );
}

/**
 * @param {Join} join
 * @param {() => void} undone
 */
function ask({ id, channel }, undone) {
  openFormDialog({
    title: "Are these two people?",
    confirm: "Undo",
    content: [
      make(
        "p",
        null,
        `What came in on ${
          channelName(channel)
        } becomes a customer and a conversation of its own ` +
          "again. Nothing is deleted.",
      ),
    ],
    submit: async () => {
      await post(`joins/${encodeURIComponent(id)}/undo`);
      undone();
    },
  });
}
