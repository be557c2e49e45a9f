// @ts-check
/** Conflicts: training examples that pull against each other, as the project's files are now. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./conflict_report.js";
import { doorbell } from "../shared/doorbell.js";
import { get, inWords, post } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { ConflictReport } from "./conflict_report.js";

class ConflictsPage {
  bar = find(document, "staff-bar", StaffBar);
  report = find(document, "conflict-report", ConflictReport);
  live = new LiveSocket();
  asked = false;
  load = doorbell(() => this.#read());

  start() {
    this.report.addEventListener("look", () => {
      this.asked = false;
      this.load();
    });
    this.live.addEventListener("resync", () => this.load());
    this.live.addEventListener("frame", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === "discovery") this.load();
    });
    // Files are edited elsewhere, and nobody rings for that: who comes back is shown them anew.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.load();
    });
    this.bar.watch(this.live);
    this.live.start();
    this.load();
  }

  async #read() {
    try {
      let conflicts = await get("conflicts");
      if (conflicts.state === "done") this.asked = false;
      else if (conflicts.state !== "running" && !this.asked) {
        this.asked = true; // once: what fails would fail again and again
        conflicts = await post("conflicts");
      }
      this.report.show(conflicts, null);
    } catch (error) {
      this.report.show(null, inWords(error));
    }
  }
}

new ConflictsPage().start();
