// @ts-check
/** Drift: whether customers write otherwise than in the weeks before, kept up to date. */

import "../staff/staff_bar.js";
import "./drift_report.js";
import { doorbell } from "../shared/doorbell.js";
import { get, inWords } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { DriftReport } from "./drift_report.js";

/** Turns come by the second; the figures of a day hardly move with each. */
const REST_MS = 3_000;

class DriftPage {
  bar = find(document, "staff-bar", StaffBar);
  report = find(document, "drift-report", DriftReport);
  live = new LiveSocket();
  /** @type {ReturnType<typeof setTimeout>|null} */
  soon = null;
  load = doorbell(() => this.#read());

  start() {
    this.report.addEventListener("narrow", () => this.load());
    this.report.addEventListener("reload", () => this.load());
    this.live.addEventListener("resync", () => this.load());
    this.live.addEventListener("frame", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === "turn") this.#loadSoon();
    });
    this.bar.watch(this.live);
    this.live.start();
    this.load();
  }

  #loadSoon() {
    this.soon ??= setTimeout(() => {
      this.soon = null;
      this.load();
    }, REST_MS);
  }

  async #read() {
    const { days } = this.report;
    try {
      const drift = await get(`drift?days=${days}`);
      if (days === this.report.days) this.report.show(drift, null); // else rung for anew
    } catch (error) {
      this.report.show(null, inWords(error));
    }
  }
}

new DriftPage().start();
