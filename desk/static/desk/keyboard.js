// @ts-check
/** The keys of the desk, pressed: each does what its row of the table says, if it is possible now. */

import { openAlertsDialog } from "./alerts_dialog.js";
import { EarlyKey } from "./early_key.js";
import { actionOf, isPossible, suggestionOf } from "./keys.js";
import { openKeysDialog } from "./keys_dialog.js";
import { openPalette, searchKnowledge } from "./pickers.js";
import { readRoute } from "./route.js";
import { standing } from "./standing.js";

export class Keyboard {
  #early = new EarlyKey();

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { desk } = this;
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const typing = event.target instanceof Element &&
      event.target.matches("input, textarea, select");
    const action = actionOf(event, typing);
    if (!action || (action === "close" && !desk.open)) return;
    event.preventDefault();
    // After a click on a row the address is there before the browser says so.
    if (readRoute(location.hash).conversation !== (desk.open?.id ?? null)) {
      desk.followAddress({ focus: true });
    }
    const pressed = { action, code: event.code };
    if (!this.#early.keeps(desk.open, pressed)) this.obey(pressed);
  }

  /** @param {import("./early_key.js").Pressed} pressed */
  obey({ action, code }) {
    const { desk } = this;
    const possible = isPossible(action, this.situation);
    if (action === "next") desk.step(1);
    else if (action === "previous") desk.step(-1);
    else if (action === "take") desk.takeNext();
    else if (action === "accept") desk.offers.accept();
    else if (action === "keys") openKeysDialog();
    else if (action === "alerts") openAlertsDialog(desk);
    else if (action === "palette") openPalette(desk);
    else if (action === "search") desk.list.search.takeFocus();
    else if (action === "close") desk.close();
    else if (action === "panel") desk.togglePanel();
    else if (action === "tag") desk.addTag();
    else if (action === "knowledge") searchKnowledge(desk);
    else if (action === "why") desk.thread.askWhy();
    else if (action === "suggestion") desk.thread.takeSuggestion(suggestionOf(code) ?? 0);
    else if (action === "reply" || action === "note") desk.thread.composer.focusField(action);
    else if (action === "claim" && possible) desk.actions.start("claim");
    else if (action === "resolve" && possible) desk.actions.start("resolve");
    else if (action === "snooze" && possible) desk.actions.start("snooze");
    else if (action === "resolve-next" && possible) desk.actions.resolve({ goOn: true });
  }

  /** @returns {import("./keys.js").Situation} */
  get situation() {
    const { desk } = this;
    const detail = desk.open?.detail;
    const stand = detail ? standing(detail, desk.user.id) : null;
    return {
      always: true,
      next: desk.neighbour(1) !== null,
      previous: desk.neighbour(-1) !== null,
      queue: [...desk.inbox.conversations.values()].some(({ state }) => state === "waiting"),
      offered: desk.offers.current !== null,
      chosen: desk.open !== null,
      open: stand !== null,
      waiting: stand === "waiting",
      mine: stand === "mine",
    };
  }

  /**
   * What was pressed while the conversation was on its way acts now.
   *
   * @param {import("./open_conversation.js").OpenConversation|null} open
   */
  loaded(open) {
    const pressed = this.#early.take(open);
    if (pressed && !document.querySelector("dialog[open]")) this.obey(pressed);
  }
}
