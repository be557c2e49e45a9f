// @ts-check
/** Satisfaction: what customers said after a chat, in figures and one by one, for the days that are chosen. */

import "../staff/staff_bar.js";
import "./satisfaction_report.js";
import "./survey_list.js";
import { doorbell } from "../shared/doorbell.js";
import { get, inWords } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { daysBack } from "./satisfaction_words.js";
import { SatisfactionReport } from "./satisfaction_report.js";
import { SurveyList } from "./survey_list.js";

const PAGE = 20;

class SatisfactionPage {
  bar = find(document, "staff-bar", StaffBar);
  report = find(document, "satisfaction-report", SatisfactionReport);
  list = find(document, "survey-list", SurveyList);
  live = new LiveSocket();
  /** @type {import("../staff/types.js").ListedSurvey[]} */
  surveys = [];
  /** @type {string|null} */
  next = null;
  load = doorbell(() => this.#read());

  start() {
    this.report.addEventListener("narrow", () => {
      this.surveys = [];
      this.load();
    });
    this.report.addEventListener("reload", () => this.load());
    this.list.addEventListener("more", () => this.loadMore());
    this.live.addEventListener("resync", () => this.load());
    this.live.addEventListener("frame", (event) => {
      const { type, message, conversation } = /** @type {CustomEvent} */ (event).detail;
      const begun = type === "conversation" && conversation.state === "resolved";
      // Answered in the widget, or by a line elsewhere.
      if (begun || type === "survey" || message?.event === "survey") this.load();
    });
    this.bar.watch(this.live);
    this.live.start();
    this.load();
  }

  async #read() {
    const { days } = this.report;
    try {
      const figures = await get(`surveys/figures?${this.#query()}`);
      const limit = Math.min(Math.max(this.surveys.length, PAGE), 200);
      const page = await get(`surveys?${this.#query({ answered: "true", limit: String(limit) })}`);
      if (days !== this.report.days) return; // chosen anew meanwhile, and rung for
      this.surveys = page.items;
      this.next = page.next;
      this.report.show(figures, null);
      this.list.show(this.surveys, this.next !== null);
    } catch (error) {
      this.report.show(null, inWords(error));
    }
  }

  async loadMore() {
    if (!this.next) return;
    try {
      const query = this.#query({ answered: "true", limit: String(PAGE), cursor: this.next });
      const page = await get(`surveys?${query}`);
      const known = new Set(this.surveys.map(({ id }) => id));
      this.surveys.push(
        ...page.items.filter((/** @type {{id: string}} */ { id }) => !known.has(id)),
      );
      this.next = page.next;
      this.list.show(this.surveys, this.next !== null);
    } catch (error) {
      this.report.show(null, inWords(error));
    }
  }

  /** @param {Record<string, string>} [more] */
  #query(more = {}) {
    const since = daysBack(new Date(), this.report.days)[0];
    return new URLSearchParams({ since, ...more });
  }
}

new SatisfactionPage().start();
