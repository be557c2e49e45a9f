// @ts-check
/** Webhooks: joins the list, the log and a lead's decisions to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./delivery_log.js";
import "./webhook_list.js";
import { inWords } from "../staff/api.js";
import { find, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { DeliveryLog } from "./delivery_log.js";
import { WebhookBook } from "./webhook_book.js";
import { WebhookList } from "./webhook_list.js";
import { EVENTS } from "./webhook_words.js";

/** @typedef {import("../staff/types.js").Webhook} Webhook */

class WebhooksPage {
  bar = find(document, "staff-bar", StaffBar);
  list = find(document, "webhook-list", WebhookList);
  log = find(document, "delivery-log", DeliveryLog);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  book = new WebhookBook();

  start() {
    this.book.addEventListener("change", () => {
      this.list.show(this.book);
      this.log.show(this.book);
    });
    this.list.addEventListener("create", () => this.create());
    this.list.addEventListener("reload", () => this.book.load());
    this.list.addEventListener("choose", (event) => {
      this.book.choose(/** @type {CustomEvent} */ (event).detail.id);
    });
    this.list.addEventListener("pause", (event) => {
      const webhook = /** @type {CustomEvent} */ (event).detail;
      const active = !webhook.active;
      this.attempt(this.book.change(webhook, { active }), active ? "Resumed." : "Paused.");
    });
    this.list.addEventListener("end", (event) => {
      this.confirmEnd(/** @type {CustomEvent} */ (event).detail);
    });
    this.log.addEventListener("narrow", (event) => {
      this.book.narrow(/** @type {CustomEvent} */ (event).detail);
    });
    this.log.addEventListener("more", () => this.book.loadMore());
    this.log.addEventListener("resend", (event) => {
      const delivery = /** @type {CustomEvent} */ (event).detail;
      this.attempt(this.book.resend(delivery), "It is being sent again.");
    });
    this.live.addEventListener("resync", () => this.book.load());
    this.live.addEventListener("frame", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === "webhook") this.book.load();
    });
    this.bar.watch(this.live);
    this.live.start();
    this.book.load();
  }

  /**
   * @param {Promise<void>} work
   * @param {string} done
   */
  attempt(work, done) {
    work.then(() => this.status.say(done), (error) => this.status.say(inWords(error)));
  }

  create() {
    const url = make("input", {
      type: "url",
      id: "hook-url",
      required: true,
      maxlength: "2000",
      placeholder: "https://desk.example/warmline",
    });
    const boxes = EVENTS.map(([event]) =>
      make("input", { type: "checkbox", value: event, checked: true })
    );
    openFormDialog({
      title: "New webhook",
      confirm: "Create",
      content: [
        make("label", { for: "hook-url" }, "Address"),
        url,
        make(
          "fieldset",
          { class: "hook-choices" },
          make("legend", null, "Events"),
          ...EVENTS.map(([event, words], index) =>
            make(
              "label",
              { class: "way" },
              boxes[index],
              make("span", null, make("b", null, event), make("span", { class: "quiet" }, words)),
            )
          ),
        ),
      ],
      submit: async () => {
        const events = boxes.filter((box) => box.checked).map((box) => box.value);
        const made = await this.book.subscribe(url.value, events);
        // The first dialog closes itself once this is over.
        setTimeout(() => this.showSecret(made.secret));
      },
    });
    url.focus();
  }

  /** @param {string} secret */
  showSecret(secret) {
    const dialog = make(
      "dialog",
      { class: "dialog", "aria-labelledby": "secret-title" },
      make(
        "form",
        { method: "dialog" },
        make("h2", { id: "secret-title" }, "Keep this secret"),
        make("p", null, "Your program checks signatures with it. It is not shown again."),
        make("code", { class: "hook-secret", tabindex: "0" }, secret),
        make(
          "div",
          { class: "dialog-buttons" },
          make("button", { class: "button primary" }, "I have kept it"),
        ),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      this.list.focusFirst();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  /** @param {Webhook} webhook */
  confirmEnd(webhook) {
    openFormDialog({
      title: "Delete this webhook?",
      confirm: "Delete",
      content: [
        make("p", { class: "hook-url" }, make("bdi", null, webhook.url)),
        make("p", null, "It is told nothing more, nor what waits. Its log is gone too."),
      ],
      submit: async () => {
        await this.book.end(webhook);
        this.status.say("Deleted.");
        setTimeout(() => this.list.focusFirst());
      },
    });
  }
}

new WebhooksPage().start();
