// @ts-check
/** Which part of the desk does what when another tells of something. */

import { find } from "../staff/element.js";
import { openAlertsDialog } from "./alerts_dialog.js";
import { openKeysDialog } from "./keys_dialog.js";
import { chooseCanned, mention, searchKnowledge } from "./pickers.js";

/** @param {import("./desk.js").Desk} desk */
export function wire(desk) {
  desk.inbox.addEventListener("change", () => desk.showList());
  desk.found.addEventListener("change", () => desk.showList());
  desk.list.addEventListener("search", (event) => {
    desk.found.search(/** @type {CustomEvent} */ (event).detail);
  });
  desk.views.addEventListener("choose", (event) => {
    desk.chooseView(/** @type {CustomEvent} */ (event).detail);
  });
  desk.list.addEventListener("reload", () => {
    if (desk.found.active) desk.found.search(desk.found.words);
    else desk.inbox.load();
  });
  desk.list.addEventListener("more", () => desk.loadMore());
  desk.list.addEventListener("take", () => desk.takeNext());
  desk.presence.addEventListener("problem", (event) => {
    desk.status.say(/** @type {CustomEvent} */ (event).detail);
  });
  desk.thread.addEventListener(
    "act",
    (event) => desk.actions.start(/** @type {CustomEvent} */ (event).detail),
  );
  desk.thread.addEventListener(
    "decide",
    (event) => desk.actions.decide(/** @type {CustomEvent} */ (event).detail),
  );
  desk.thread.addEventListener(
    "prioritise",
    (event) => desk.actions.prioritise(/** @type {CustomEvent} */ (event).detail),
  );
  desk.thread.addEventListener("called-back", () => desk.actions.calledBack());
  desk.thread.addEventListener("knowledge", () => searchKnowledge(desk));
  desk.thread.addEventListener("canned", () => chooseCanned(desk));
  desk.thread.addEventListener("wrote", (event) => {
    desk.colleagues.wrote(/** @type {CustomEvent} */ (event).detail);
  });
  desk.colleagues.addEventListener("change", () => {
    desk.thread.colleagues = desk.colleagues.items;
  });
  desk.thread.addEventListener("mention", () => mention(desk));
  desk.thread.addEventListener("back", () => desk.close());
  desk.thread.addEventListener("panel", () => desk.togglePanel());
  desk.panel.addEventListener("back", () => desk.togglePanel());
  desk.panel.addEventListener("block", () => desk.actions.block());
  desk.panel.addEventListener("lift", () => desk.actions.liftBlock());
  desk.panel.addEventListener("profile", (event) => {
    const { id, profile } = /** @type {CustomEvent} */ (event).detail;
    if (desk.open?.id === id) desk.open?.learn(profile);
  });
  desk.panel.addEventListener("acted", (event) => {
    desk.actions.acted(/** @type {CustomEvent} */ (event).detail);
  });
  desk.panel.tags.addEventListener("tagged", (event) => {
    const { id, tags } = /** @type {CustomEvent} */ (event).detail;
    const open = desk.open?.id === id ? desk.open : null;
    if (open?.detail) open.apply({ ...open.detail, tags });
  });
  desk.panel.tags.addEventListener("search-tag", (event) => {
    desk.searchTag(/** @type {CustomEvent} */ (event).detail);
  });
  desk.panel.addEventListener("undone", () => {
    desk.status.say("They are two customers again.");
    desk.inbox.load();
    desk.open?.load();
  });
  desk.live.addEventListener("resync", () => {
    desk.inbox.load();
    desk.open?.load();
  });
  desk.live.addEventListener("frame", (event) => {
    desk.frames.receive(/** @type {CustomEvent} */ (event).detail);
  });
  addEventListener("hashchange", () => desk.followAddress({ focus: true }));
  document.addEventListener("visibilitychange", () => desk.showOpen());
  addEventListener("keydown", (event) => desk.keyboard.press(event));
  find(desk.bar, "[data-keys]", HTMLElement).addEventListener("click", openKeysDialog);
  find(desk.bar, "[data-alerts]", HTMLElement).addEventListener(
    "click",
    () => openAlertsDialog(desk),
  );
}
