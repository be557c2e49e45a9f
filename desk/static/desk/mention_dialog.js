// @ts-check
/** The colleague whom a note is for; chosen with the arrows, written with Enter. */

import { get, inWords } from "../staff/api.js";
import { make } from "../staff/element.js";
import { openPicker } from "./picker.js";
import { PRESENCE } from "./presence_switch.js";

/** @typedef {import("./transfer_dialog.js").Colleague} Colleague */

/**
 * @param {object} options
 * @param {string} options.userId who writes
 * @param {(text: string) => void} options.write
 */
export async function openMentionDialog({ userId, write }) {
  /** @type {Colleague[]|null} */
  let others = null;
  let typed = "";
  let written = false;
  /** @type {import("./picker.js").Picker<Colleague>} */
  const picker = openPicker({
    title: "Mention a colleague",
    label: "Whom?",
    list: "Colleagues",
    verb: "mention",
    option: ({ name, online, presence }) => [
      make("b", null, name),
      make("span", { class: "quiet" }, online ? PRESENCE[presence] : PRESENCE.away),
    ],
    type: (now) => {
      typed = now;
      if (others) show(others);
    },
    use: ({ name }) => {
      written = true;
      write(`@${name} `);
    },
    // Whoever only wanted the sign has it.
    closed: () => written || write("@"),
  });

  /** @param {Colleague[]} all */
  function show(all) {
    const wanted = typed.trim().toLowerCase();
    const items = all.filter(({ name }) => name.toLowerCase().includes(wanted));
    picker.show({ items, status: items.length === 0 ? "Nobody has this name." : "" });
  }

  picker.show({ items: [], status: "Loading…", busy: true });
  try {
    /** @type {import("../staff/types.js").Page<Colleague>} */
    const { items } = await get("users");
    others = items.filter(({ id }) => id !== userId);
    show(others);
  } catch (error) {
    picker.show({ items: [], status: inWords(error), bad: true });
  }
}
