// @ts-check
/** One's own account: the password, where one is signed in, and API tokens. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./proof_list.js";
import { get, inWords, post, remove } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { openEndDialog, openPasswordDialog } from "./access_dialogs.js";
import { ofOwnSession, ofOwnToken, scopesOf } from "./access_words.js";
import { ProofList } from "./proof_list.js";
import { endToken, makeToken } from "./token_actions.js";

/** @typedef {import("./access_words.js").Proof} Proof */

// Nothing tells that one's own sessions changed elsewhere, or that one was used.
const LOOK_MS = 15_000;

class AccountPage {
  bar = find(document, "staff-bar", StaffBar);
  sessionList = find(document, "proof-list[data-kind=session]", ProofList);
  tokenList = find(document, "proof-list[data-kind=token]", ProofList);
  status = find(document, "status-line", StatusLine);
  problem = find(document, "[data-problem]", HTMLElement);
  live = new LiveSocket();
  email = document.body.dataset.userEmail ?? "";
  role = document.body.dataset.userRole ?? "";
  #round = 0;

  start() {
    find(document, "[data-change-password]", HTMLButtonElement)
      .addEventListener("click", () => this.changePassword());
    this.sessionList.addEventListener("end", (event) => {
      this.endSession(/** @type {CustomEvent} */ (event).detail);
    });
    this.sessionList.addEventListener("create", () => this.endOthers());
    this.tokenList.addEventListener("end", (event) => {
      endToken(this, /** @type {CustomEvent} */ (event).detail);
    });
    this.tokenList.addEventListener("create", () => this.makeToken());
    this.live.addEventListener("resync", () => this.load());
    setInterval(() => document.hidden || this.load(), LOOK_MS);
    this.bar.watch(this.live);
    this.live.start();
    this.load();
  }

  async load() {
    const round = ++this.#round;
    try {
      const [sessions, tokens] = await Promise.all([get("sessions"), get("tokens")]);
      if (round !== this.#round) return;
      const now = new Date();
      this.sessionList.show(sessions.items.map((/** @type {any} */ one) => ofOwnSession(one, now)));
      this.tokenList.show(tokens.items.map((/** @type {any} */ one) => ofOwnToken(one, now)));
      this.problem.hidden = true;
    } catch (error) {
      if (round !== this.#round) return;
      this.problem.textContent = inWords(error);
      this.problem.hidden = false;
    }
  }

  changePassword() {
    openPasswordDialog(this.email, async (change) => {
      await post("password", change);
      await this.load();
      this.status.say("Your password is changed.");
    });
  }

  /** @param {Proof} session */
  endSession(session) {
    openEndDialog(
      "Sign out there?",
      `${session.title}, ${session.facts}. What is typed there stays on its page.`,
      "Sign out",
      async () => {
        await remove(`sessions/${encodeURIComponent(session.id)}`);
        await this.load();
        this.status.say("You are signed out there.");
        setTimeout(() => this.sessionList.focusFirst());
      },
    );
  }

  endOthers() {
    openEndDialog(
      "Sign out everywhere else?",
      "Only this page stays signed in. API tokens go on.",
      "Sign out",
      async () => {
        await post("sessions/end-others");
        await this.load();
        this.status.say("You are signed in here alone.");
      },
    );
  }

  makeToken() {
    makeToken(this, [], scopesOf(this.role));
  }
}

new AccountPage().start();
