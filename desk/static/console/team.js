// @ts-check
/** The team: joins the people, the queues and a lead's decisions to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./queue_board.js";
import "./team_list.js";
import { get, inWords, post, put } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { QueueBoard } from "./queue_board.js";
import { openRevokeDialog, openServingDialog } from "./team_dialogs.js";
import { TeamList } from "./team_list.js";

/** @typedef {import("./team_words.js").Member} Member */
/** @typedef {import("./team_words.js").QueueLine} QueueLine */

// A burst of changes is one look; promises run out without a word.
const SETTLE_MS = 250;
const LOOK_MS = 30_000;
const MOVES = new Set(["team", "conversation"]);

class TeamPage {
  bar = find(document, "staff-bar", StaffBar);
  board = find(document, "queue-board", QueueBoard);
  list = find(document, "team-list", TeamList);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  userId = document.body.dataset.userId ?? "";
  /** @type {Member[]} */
  members = [];
  /** @type {QueueLine[]} */
  queues = [];
  ready = false;
  /** @type {string|null} */
  problem = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #settling;
  #round = 0;

  start() {
    this.list.addEventListener("reload", () => this.load());
    this.list.addEventListener("edit", (event) => {
      this.edit(/** @type {CustomEvent} */ (event).detail);
    });
    this.list.addEventListener("revoke", (event) => {
      this.revoke(/** @type {CustomEvent} */ (event).detail);
    });
    this.live.addEventListener("resync", () => this.load());
    this.live.addEventListener("frame", (event) => {
      if (MOVES.has(/** @type {CustomEvent} */ (event).detail.type)) this.loadSoon();
    });
    setInterval(() => document.hidden || this.load(), LOOK_MS);
    this.bar.watch(this.live);
    this.live.start();
    this.show();
    this.load();
  }

  loadSoon() {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.load();
    }, SETTLE_MS);
  }

  async load() {
    const round = ++this.#round;
    try {
      const { members, queues } = await get("team");
      if (round !== this.#round) return;
      Object.assign(this, { members, queues, ready: true, problem: null });
    } catch (error) {
      if (round !== this.#round) return;
      this.problem = inWords(error);
    }
    this.show();
  }

  show() {
    this.board.show(this.queues);
    this.list.show(this);
  }

  /** @param {Member} member */
  edit(member) {
    openServingDialog({
      member,
      queues: this.queues,
      submit: async (serving) => {
        await put(`users/${encodeURIComponent(member.id)}/serving`, serving);
        await this.load();
        this.status.say(`Saved for ${member.name}.`);
      },
    });
  }

  /** @param {Member} member */
  revoke(member) {
    openRevokeDialog({
      member,
      submit: async () => {
        await post(`users/${encodeURIComponent(member.id)}/revoke`);
        await this.load();
        this.status.say(`The account of ${member.name} is ended.`);
        setTimeout(() => this.list.focusFirst());
      },
    });
  }
}

new TeamPage().start();
