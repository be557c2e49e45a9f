// @ts-check
/** What the desk does with offers: shows the one there is, accepts it or lets the next be asked. */

import { find } from "../staff/element.js";
import { inWords, post } from "../staff/api.js";
import { offeredTo } from "./offer.js";
import { OfferBar } from "./offer_bar.js";

export class Offers {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.bar = find(document, "offer-bar", OfferBar);
    /** @type {Set<string>} decided on this page: gone at once, whatever the server still says */
    this.decided = new Set();
    this.bar.addEventListener("accept", () => this.accept());
    this.bar.addEventListener("decline", () => this.decline());
    this.bar.addEventListener("return", () => desk.presence.choose("online"));
    this.bar.addEventListener("left", () => desk.focusThread());
    desk.presence.addEventListener("known", () => this.show());
  }

  get current() {
    const { inbox, user } = this.desk;
    const found = offeredTo(inbox.conversations.values(), user.id);
    return found && !this.decided.has(keyOf(found)) ? found : null;
  }

  show() {
    this.bar.show(this.current, this.desk.presence.agent);
  }

  async accept() {
    const { desk } = this;
    const handoff = await this.#decide("accept");
    desk.inbox.load();
    if (!handoff) return;
    desk.chooseView("mine");
    desk.go(handoff.id);
  }

  async decline() {
    await this.#decide("decline");
  }

  /**
   * @param {"accept"|"decline"} verb
   * @returns {Promise<import("../staff/types.js").Conversation|null>} which one, if it went well
   */
  async #decide(verb) {
    const offered = this.current;
    if (!offered?.handoff) return null;
    const key = keyOf(offered);
    this.decided.add(key);
    this.show();
    try {
      await post(`handoffs/${encodeURIComponent(offered.handoff.id)}/${verb}`);
      return offered;
    } catch (error) {
      this.desk.status.say(inWords(error));
      // What is over is gone from the inbox too; what failed may be tried again.
      this.decided.delete(key);
      await this.desk.inbox.load();
      return null;
    }
  }
}

/** @param {import("../staff/types.js").Conversation} conversation */
const keyOf = ({ handoff }) => `${handoff?.id} ${handoff?.offer?.until}`;
