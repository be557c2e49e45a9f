// @ts-check
/** What was given up on: joins the list and a lead's decisions to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./letter_list.js";
import { ApiError, inWords } from "../staff/api.js";
import { find, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { LetterCount } from "../staff/letter_count.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { LetterList } from "./letter_list.js";
import { dropWords, resentWords } from "./letter_words.js";
import { Letters } from "./letters.js";

/** @typedef {import("../staff/types.js").DeadLetter} DeadLetter */

class Undelivered {
  bar = find(document, "staff-bar", StaffBar);
  heading = find(document, "h1", HTMLElement);
  list = find(document, "letter-list", LetterList);
  count = find(document, "letter-count", LetterCount);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  letters = new Letters();

  start() {
    this.letters.addEventListener("change", () => this.list.show(this.letters));
    this.list.addEventListener("more", () => this.letters.loadMore());
    this.list.addEventListener("reload", () => this.letters.load());
    this.list.addEventListener("decide", (event) => {
      const { letter, decision } = /** @type {CustomEvent} */ (event).detail;
      if (decision === "drop") this.confirmDrop(letter);
      else if (letter.state === "unknown") this.confirmResend(letter);
      else this.decide(letter, "resend").catch((error) => this.status.say(inWords(error)));
    });
    this.live.addEventListener("resync", () => this.letters.load());
    this.live.addEventListener("frame", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === "dead_letters") this.letters.load();
    });
    this.count.addEventListener("change", () => this.letters.load());
    this.bar.watch(this.live);
    this.live.start();
    this.letters.load();
  }

  /** @param {DeadLetter} letter */
  confirmResend(letter) {
    openFormDialog({
      title: "It may arrive twice",
      confirm: "Resend",
      content: [
        quote(letter),
        make(
          "p",
          null,
          "Nobody knows whether this message arrived. If it did, the customer gets it a second time.",
        ),
      ],
      submit: () => this.decide(letter, "resend"),
    });
  }

  /** @param {DeadLetter} letter */
  confirmDrop(letter) {
    openFormDialog({
      title: "Drop this message?",
      confirm: "Drop",
      content: [quote(letter), make("p", null, dropWords(letter))],
      submit: () => this.decide(letter, "drop"),
    });
  }

  /**
   * @param {DeadLetter} letter
   * @param {"resend"|"drop"} decision
   */
  async decide(letter, decision) {
    const place = this.letters.items.findIndex((one) => one.id === letter.id);
    try {
      await this.letters.decide(letter, decision);
      this.status.say(decision === "drop" ? "Dropped." : resentWords(letter));
    } catch (error) {
      // Somebody else was first: it is off the list, and there is nothing to try again.
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      this.status.say(error.message);
    }
    // A dialog is still open here, and lets nobody behind it have the focus.
    setTimeout(() => this.list.focusRow(place) || this.heading.focus());
  }
}

/** @param {DeadLetter} letter */
function quote({ text }) {
  return text ? make("blockquote", { class: "letter-quote letter-text" }, text) : null;
}

new Undelivered().start();
