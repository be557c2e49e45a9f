// @ts-check
/** Canned replies: joins the list and what a lead writes to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./canned_list.js";
import { get, inWords, post, put, remove } from "../staff/api.js";
import { find, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { openCannedEditor } from "./canned_editor.js";
import { CannedList } from "./canned_list.js";

/** @typedef {import("../staff/types.js").CannedReply} CannedReply */

class CannedPage {
  bar = find(document, "staff-bar", StaffBar);
  list = find(document, "canned-list", CannedList);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  /** @type {CannedReply[]} */
  items = [];
  ready = false;
  /** @type {string|null} */
  problem = null;

  start() {
    this.list.addEventListener("reload", () => this.load());
    this.list.addEventListener("create", () => this.write(null));
    this.list.addEventListener("edit", (event) => {
      this.write(/** @type {CustomEvent} */ (event).detail);
    });
    this.list.addEventListener("end", (event) => {
      this.confirmEnd(/** @type {CustomEvent} */ (event).detail);
    });
    this.live.addEventListener("resync", () => this.load());
    this.bar.watch(this.live);
    this.live.start();
    this.list.show(this);
    this.load();
  }

  async load() {
    try {
      const { items } = await get("canned-replies");
      Object.assign(this, { items, ready: true, problem: null });
    } catch (error) {
      this.problem = inWords(error);
    }
    this.list.show(this);
  }

  /** @param {CannedReply|null} reply */
  write(reply) {
    openCannedEditor({
      reply,
      submit: async (words) => {
        await (reply ? put(pathOf(reply), words) : post("canned-replies", words));
        await this.load();
        this.status.say("Saved. Agents have it from now on.");
      },
    });
  }

  /** @param {CannedReply} reply */
  confirmEnd(reply) {
    openFormDialog({
      title: "Delete this canned reply?",
      confirm: "Delete",
      content: [
        make("p", null, make("bdi", null, reply.name)),
        make("p", { class: "quiet" }, "What was sent with it stays as it was sent."),
      ],
      submit: async () => {
        await remove(pathOf(reply));
        await this.load();
        this.status.say("Deleted.");
        setTimeout(() => this.list.takeFocus());
      },
    });
  }
}

/** @param {CannedReply} reply */
const pathOf = ({ id }) => `canned-replies/${encodeURIComponent(id)}`;

new CannedPage().start();
