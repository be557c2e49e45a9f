// @ts-check
/** Training data: what the labels change in the project's files, before anybody changes them. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import { doorbell } from "../shared/doorbell.js";
import { get, inWords } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { TrainingChange } from "./training_change.js";

const bar = find(document, "staff-bar", StaffBar);
const change = find(document, "training-change", TrainingChange);
const live = new LiveSocket();
const load = doorbell(async () => {
  try {
    change.show(await get("labels/change"), null);
  } catch (error) {
    change.show(null, inWords(error));
  }
});

change.addEventListener("reload", load);
live.addEventListener("resync", load);
live.addEventListener("frame", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.type === "label") load();
});
bar.watch(live);
live.start();
load();
