// @ts-check
/** What comes over the live socket, given to the parts of the desk that it is about. */

import { Alerting, notify } from "./alerting.js";
import { alertOf } from "./alerts.js";
import { chime } from "./chime.js";

export class Frames {
  #alerting;

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.#alerting = new Alerting({
      userId: desk.user.id,
      isSeen: ({ conversationId }) =>
        !document.hidden && (desk.open === null || desk.open.id === conversationId),
      call: (alert) => this.#call(alert),
    });
  }

  /** @param {any} frame */
  receive(frame) {
    const { desk } = this;
    const alert = alertOf(frame, {
      user: desk.user,
      agent: desk.presence.agent,
      before: (id) => desk.inbox.conversations.get(id),
    });
    // Until the list is there, everything would be news.
    if (alert && desk.inbox.loaded) this.#alerting.consider(alert);
    const open = desk.open?.id === (frame.conversation_id ?? frame.conversation?.id)
      ? desk.open
      : null;
    if (frame.type === "conversation") {
      desk.inbox.apply(frame.conversation);
      open?.apply(frame.conversation);
    } else if (frame.type === "message") {
      desk.actions.told(frame);
      desk.unread.arrived(frame.conversation_id, frame.message);
      desk.inbox.applyMessage(frame.conversation_id, frame.message);
      open?.applyMessage(frame.message);
      this.#tellBack(frame);
    } else if (frame.type === "signals") {
      open?.applySignals(frame.signals);
    } else if (frame.type === "survey") {
      open?.load();
    } else if (frame.type === "receipt") {
      open?.applyReceipt(frame);
    } else if (frame.type === "typing" && frame.author === "customer") {
      open?.showTyping(frame.name ?? open.detail?.customer.name ?? "The customer");
    }
  }

  /** @param {import("./alerts.js").Alert} alert */
  #call(alert) {
    const wanted = this.desk.wishes.wanted;
    if (wanted.has("sound")) chime();
    if (!wanted.has("notify")) return;
    notify(alert, {
      withText: wanted.has("text"),
      open: () => this.desk.go(alert.conversationId),
    });
  }

  /**
   * Nobody is at the keyboard of a snooze that ends by itself: the agent is told which it was.
   *
   * @param {any} frame
   */
  #tellBack({ conversation_id, message }) {
    const { inbox, status, user } = this.desk;
    const known = inbox.conversations.get(conversation_id);
    if (message.event !== "woken" || known?.agent?.id !== user.id) return;
    status.say(`${known.customer.name}: ${message.text}`);
  }
}
