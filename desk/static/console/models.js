// @ts-check
/** Models: joins the live one, the list and a lead's decisions to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./audit_list.js";
import "./model_list.js";
import "./model_now.js";
import "./must_pass_list.js";
import { get, inWords } from "../staff/api.js";
import { find, make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { AuditList } from "./audit_list.js";
import { ModelBook } from "./model_book.js";
import { ModelList } from "./model_list.js";
import { ModelNow } from "./model_now.js";
import { mayPromote } from "./model_words.js";
import { MustPassList } from "./must_pass_list.js";

/** @typedef {import("./model_book.js").Model} Model */

const LONGEST_REASON = "500";

class ModelsPage {
  bar = find(document, "staff-bar", StaffBar);
  heading = find(document, "h1", HTMLElement);
  now = find(document, "model-now", ModelNow);
  list = find(document, "model-list", ModelList);
  mustPass = find(document, "must-pass-list", MustPassList);
  audit = find(document, "audit-list", AuditList);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  book = new ModelBook();

  start() {
    this.book.addEventListener("change", () => {
      this.now.show(this.book);
      this.list.show(this.book);
      this.audit.show(this.book);
    });
    this.now.addEventListener("reload", () => this.book.load());
    this.now.addEventListener("train", () => this.attempt(this.book.train(), "Training began."));
    this.now.addEventListener("stop", (event) => {
      this.attempt(this.book.stop(/** @type {CustomEvent} */ (event).detail), "Stopped.");
    });
    this.now.addEventListener("roll-back", () => this.confirmRollBack());
    this.list.addEventListener("more", () => this.book.loadMore());
    this.list.addEventListener("promote", (event) => {
      this.confirmPromote(/** @type {CustomEvent} */ (event).detail);
    });
    this.live.addEventListener("resync", () => this.book.load());
    this.live.addEventListener("frame", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === "model") this.book.follow();
    });
    this.bar.watch(this.live);
    this.live.start();
    this.now.show(this.book);
    this.book.load();
    this.offerIntents();
  }

  /** Without them an intent is typed in full, so that a failure is not worth a word. */
  async offerIntents() {
    try {
      /** @type {{name: string}[]} */
      const intents = (await get("intents")).items;
      this.mustPass.offer([...new Set([...intents.map(({ name }) => name), "out_of_scope"])]);
    } catch {
      this.mustPass.offer(["out_of_scope"]);
    }
  }

  /**
   * @param {Promise<void>} work
   * @param {string} done
   */
  attempt(work, done) {
    work.then(() => this.status.say(done), (error) => this.status.say(inWords(error)));
  }

  /** @param {Model} model */
  confirmPromote(model) {
    const against = mayPromote(model) === "with a reason";
    const reason = reasonField(against);
    openFormDialog({
      title: against ? "Promote it against the gate?" : "Promote this model?",
      confirm: "Promote",
      content: [
        make("p", { class: "model-name" }, make("bdi", null, model.id)),
        make(
          "p",
          null,
          against
            ? "The comparison does not speak for it. Customers are answered by it all the same, " +
              "and your reason is kept."
            : "Customers are answered by it from their next message on. No message is lost.",
        ),
        ...reason.content,
      ],
      submit: async () => {
        await this.book.promote(model, reason.field.value);
        this.decided(`${model.id} is live.`);
      },
    });
    if (against) reason.field.focus();
  }

  confirmRollBack() {
    const before = this.book.live?.previous;
    if (!before) return;
    const reason = reasonField(false);
    openFormDialog({
      title: "Roll back?",
      confirm: "Roll back",
      content: [
        make("p", null, "Customers are answered at once by"),
        make("p", { class: "model-name" }, make("bdi", null, before)),
        ...reason.content,
      ],
      submit: async () => {
        await this.book.rollBack(reason.field.value);
        this.decided(`${before} is live again.`);
      },
    });
  }

  /** @param {string} words */
  decided(words) {
    this.status.say(words);
    // The dialog is still open here, and the button that opened it is gone.
    setTimeout(() => this.heading.focus());
  }
}

/** @param {boolean} required */
function reasonField(required) {
  const field = make("textarea", {
    id: "model-reason",
    rows: "3",
    maxlength: LONGEST_REASON,
    required,
  });
  const words = required ? "Reason" : "Reason (optional)";
  return { field, content: [make("label", { for: "model-reason" }, words), field] };
}

new ModelsPage().start();
