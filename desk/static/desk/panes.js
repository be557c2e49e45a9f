// @ts-check
/** Which panes are on the screen: side by side where there is room, one at a time on a phone. */

import { hashOf, readRoute } from "./route.js";

const NARROW = matchMedia("(max-width: 719px)");
const ROOM_FOR_PANEL = matchMedia("(min-width: 1120px)");

export class Panes {
  #panelWanted = ROOM_FOR_PANEL.matches;

  /**
   * @param {HTMLElement} main
   * @param {HTMLElement} panel
   */
  constructor(main, panel) {
    this.main = main;
    this.panel = panel;
    NARROW.addEventListener("change", () => this.show());
    ROOM_FOR_PANEL.addEventListener("change", ({ matches }) => {
      this.#panelWanted = matches;
      this.show();
    });
  }

  get narrow() {
    return NARROW.matches;
  }

  show() {
    const { conversation, panel } = readRoute(location.hash);
    const wanted = NARROW.matches ? panel : this.#panelWanted;
    this.main.dataset.pane = conversation === null ? "list" : panel ? "panel" : "thread";
    this.panel.hidden = conversation === null || !wanted;
    this.main.dataset.panel = this.panel.hidden ? "hidden" : "shown";
  }

  /**
   * At once, also on a phone, where the address says so later.
   *
   * @param {string} conversationId
   */
  showPanel(conversationId) {
    if (!this.panel.hidden) return;
    this.togglePanel(conversationId);
    this.show();
  }

  /**
   * On a phone the panel is a place of its own, so that "back" leaves it.
   *
   * @param {string} conversationId
   * @returns {boolean} whether the panel is now shown
   */
  togglePanel(conversationId) {
    if (NARROW.matches) {
      const shown = readRoute(location.hash).panel;
      location.hash = hashOf(conversationId, !shown);
      return !shown;
    }
    this.#panelWanted = !this.#panelWanted;
    this.show();
    return this.#panelWanted;
  }
}
