// @ts-check
/** `<conversation-thread>`: the open conversation: who has it, the hand-off, the transcript and the composer. */

import "../staff/handoff_card.js";
import "../staff/thread_log.js";
import { channelName } from "../shared/channels.js";
import { fill, make } from "../staff/element.js";
import { exactTime, waited } from "../staff/moments.js";
import { urgencyOf } from "../staff/service_level.js";
import { HandoffCard } from "../staff/handoff_card.js";
import { ThreadLog } from "../staff/thread_log.js";
import { openWhyDialog } from "../staff/why_dialog.js";
import { knownOf } from "./asking.js";
import { factsOf, filled } from "./canned.js";
import { whoIsHere, writesToo } from "./colleagues.js";
import { reachProblem } from "./reach.js";
import { SuggestedReplies } from "./suggested_replies.js";
import { ReplyComposer } from "./reply_composer.js";
import { snoozedWords } from "./snooze.js";
import { ownerName, replyBarrier, standing } from "./standing.js";
import { waitingSince } from "./views.js";

/** @typedef {import("./open_conversation.js").OpenConversation} OpenConversation */
/** @typedef {"claim"|"return"|"transfer"|"snooze"|"wake"|"resolve"|"take-over"} Verb */
/** @typedef {"approve"|"decline"} Decision */

const ROOM_FOR_CARD = "(min-width: 720px) and (min-height: 640px)";

/** @type {Record<Verb, string>} */
const VERBS = {
  claim: "Claim",
  return: "Return to the bot",
  transfer: "Transfer",
  snooze: "Snooze",
  wake: "Bring back",
  resolve: "Resolve",
  "take-over": "Take over",
};

/** Fires `act` (detail = the verb), `decide` (detail = {verb, id}), `prioritise` (detail = which), `called-back`, `wrote` (detail = whether anything is left of it), `knowledge`, `canned`, `mention`, `back` and `panel`. */
export class ConversationThread extends HTMLElement {
  /** @type {OpenConversation|null} */
  #open = null;
  #update = () => this.#show();
  #heading = make("h2", { tabindex: "-1" });
  #meta = make("p", { class: "thread-meta" });
  #here = make("p", { class: "thread-colleagues", hidden: true });
  #writesToo = make("p", { class: "writes-too", role: "status", hidden: true });
  /** @type {readonly import("../staff/types.js").Colleague[]} */
  #colleagues = [];
  #actions = make("div", { class: "thread-actions", role: "group", "aria-label": "Conversation" });
  #notice = make("p", { class: "notice", role: "alert", hidden: true });
  #card = new HandoffCard();
  #log = new ThreadLog();
  #reach = make("p", { class: "reach", role: "status", hidden: true });
  #suggested = new SuggestedReplies();
  composer = new ReplyComposer();
  #empty = make("div", { class: "thread-empty" });
  #body = make("div", { class: "thread-body", hidden: true });
  #printedActions = "";

  connectedCallback() {
    const back = make("button", { type: "button", class: "link only-narrow" }, "‹ List");
    const panel = make(
      "button",
      { type: "button", class: "button quiet-button panel-toggle" },
      "Customer",
    );
    panel.setAttribute("aria-keyshortcuts", "Alt+O");
    back.addEventListener("click", () => this.dispatchEvent(new Event("back")));
    panel.addEventListener("click", () => this.dispatchEvent(new Event("panel")));
    const who = make("div", { class: "thread-who" }, this.#heading, this.#meta, this.#here);
    const header = make("header", { class: "thread-header" }, back, who, this.#actions, panel);
    this.#body.append(
      header,
      this.#notice,
      this.#card,
      this.#log,
      this.#reach,
      this.#suggested,
      this.#writesToo,
      this.composer,
    );
    this.append(this.#empty, this.#body);
    this.composer.addEventListener("send", (event) => {
      const { tab, text, suggestion, files } = /** @type {CustomEvent} */ (event).detail;
      this.#open?.unsent.send(tab, text, suggestion, files);
      this.#log.toEnd();
    });
    for (const verb of ["approve", "decline"]) {
      this.#card.addEventListener(verb, (event) => {
        const id = /** @type {CustomEvent} */ (event).detail;
        this.dispatchEvent(new CustomEvent("decide", { detail: { verb, id } }));
      });
    }
    this.#card.addEventListener("prioritise", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      this.dispatchEvent(new CustomEvent("prioritise", { detail }));
    });
    this.#card.addEventListener("called-back", () => this.dispatchEvent(new Event("called-back")));
    this.#card.addEventListener("goto", (event) => {
      this.#log.goTo(/** @type {CustomEvent} */ (event).detail);
    });
    this.#suggested.addEventListener("take", (event) => {
      /** @type {import("../staff/types.js").Suggestion} */
      const taken = /** @type {CustomEvent} */ (event).detail;
      this.composer.choose("reply");
      this.composer.insert(taken.text, taken.id);
      this.#open?.took(taken);
    });
    for (const wish of ["knowledge", "canned", "mention"]) {
      this.composer.addEventListener(wish, () => this.dispatchEvent(new Event(wish)));
    }
    this.composer.addEventListener("wrote", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      this.dispatchEvent(new CustomEvent("wrote", { detail }));
      this.#showColleagues();
    });
    this.composer.addEventListener("typing", () => this.#open?.sendTyping());
    this.#log.addEventListener("retry", (event) => {
      this.#open?.unsent.retry(/** @type {CustomEvent} */ (event).detail);
    });
    this.#log.addEventListener("why", (event) => {
      if (!this.#open) return;
      const message = /** @type {CustomEvent} */ (event).detail;
      openWhyDialog({ message, conversation: this.#open.id });
    });
    this.#log.addEventListener("discard", (event) => {
      this.#open?.unsent.discard(/** @type {CustomEvent} */ (event).detail);
    });
    this.#show();
  }

  /** @param {OpenConversation|null} open */
  set open(open) {
    this.#open?.removeEventListener("change", this.#update);
    this.#open = open;
    this.#log.clear();
    open?.addEventListener("change", this.#update);
    this.#show();
  }

  /** @param {readonly import("../staff/types.js").Colleague[]} colleagues who have it open too */
  set colleagues(colleagues) {
    this.#colleagues = colleagues;
    this.#showColleagues();
  }

  #showColleagues() {
    // Who has written nothing is not in anybody's way: the head is enough for them.
    const warning = this.composer.isEmpty ? "" : writesToo(this.#colleagues);
    for (
      const [node, words] of /** @type {[HTMLElement, string][]} */ ([
        [this.#here, whoIsHere(this.#colleagues)],
        [this.#writesToo, warning],
      ])
    ) {
      if (node.textContent !== words) node.textContent = words;
      node.hidden = words === "";
    }
  }

  /** @param {{write: boolean}} options whether the keyboard should be ready to write */
  takeFocus({ write }) {
    if (write && !this.#body.hidden) this.composer.focusField("reply");
    else this.#heading.focus();
  }

  /** @param {number} number from 1 */
  takeSuggestion(number) {
    this.#suggested.take(number);
  }

  askWhy() {
    this.#log.askWhy();
  }

  /** @param {string} messageId */
  goTo(messageId) {
    this.#log.goTo(messageId);
  }

  tick() {
    this.#card.tick();
    const node = this.#meta.querySelector("time[data-since]");
    const since = node?.getAttribute("data-since");
    if (!node || !since) return;
    node.textContent = waited(since, new Date());
    const place = this.#open?.detail?.handoff ?? null;
    node.setAttribute("data-urgency", urgencyOf(place, since, new Date()));
  }

  #show() {
    const open = this.#open;
    const detail = open?.detail ?? null;
    this.#body.hidden = !open || !detail;
    this.#empty.hidden = !this.#body.hidden;
    if (!open || !detail) {
      this.#showEmpty(open);
      return;
    }
    const userId = open.user.id;
    const stand = standing(detail, userId);
    this.#heading.textContent = detail.customer.name;
    this.#showMeta(detail, userId);
    this.#showActions(stand, detail.snoozed !== null);
    const problem = open.problem ? `${open.problem} What you see may be out of date.` : null;
    this.#notice.hidden = !open.notice && !problem;
    const words = [open.notice, problem].filter(Boolean).join(" ");
    if (this.#notice.textContent !== words) this.#notice.textContent = words;
    const unfinished = stand === "waiting" || stand === "mine" || stand === "theirs";
    this.#card.show(detail.handoff, {
      open: unfinished && matchMedia(ROOM_FOR_CARD).matches,
      mine: stand === "mine",
      busy: open.deciding,
      summary: open.summary.items,
      until: detail.write_until,
    });
    this.#log.show(open.messages, { customerName: detail.customer.name, typing: open.typing });
    const facts = factsOf(detail, open.user);
    this.#suggested.show(
      open.suggestions.items
        .filter(({ message_id }) => message_id === open.toAnswer?.id)
        .map((one) => one.source === "canned" ? { ...one, text: filled(one.text, facts) } : one),
    );
    const unreached = reachProblem(open.messages, detail.channel) ?? "";
    if (this.#reach.textContent !== unreached) this.#reach.textContent = unreached;
    this.#reach.hidden = unreached === "";
    this.composer.show(open.id, {
      barrier: replyBarrier(detail, userId),
      drafts: open.drafts,
      known: knownOf(detail, open.profile),
    });
    this.#showColleagues();
  }

  /** @param {OpenConversation|null} open */
  #showEmpty(open) {
    if (!open) {
      fill(
        this.#empty,
        make("p", { class: "quiet" }, "Choose a conversation on the left, or press Alt+J."),
      );
    } else if (open.problem) {
      const retry = () => open.load();
      fill(
        this.#empty,
        make("p", { class: "bad", role: "alert" }, open.problem),
        make("button", { type: "button", class: "button", onclick: retry }, "Try again"),
        make("a", { class: "button only-narrow", href: "#" }, "Back to the list"),
      );
    } else {
      fill(this.#empty, make("p", { class: "quiet" }, "Loading the conversation…"));
    }
  }

  /**
   * @param {import("../staff/types.js").ConversationDetail} detail
   * @param {string} userId
   */
  #showMeta(detail, userId) {
    const owner = make("span", { class: "badge owner" }, ownerName(detail, userId));
    owner.dataset.standing = standing(detail, userId);
    const since = detail.state === "waiting" ? waitingSince(detail) : null;
    fill(
      this.#meta,
      owner,
      detail.snoozed &&
        make("span", { class: "badge snoozed" }, snoozedWords(detail.snoozed, new Date())),
      detail.block && make("span", { class: "badge blocked" }, "Blocked"),
      make("span", null, channelName(detail.channel)),
      since && make("time", {
        class: "wait",
        datetime: since,
        "data-since": since,
        title: `Waiting since ${exactTime(since)}`,
      }),
    );
    this.tick();
  }

  /**
   * @param {import("./standing.js").Standing} stand
   * @param {boolean} snoozed
   */
  #showActions(stand, snoozed) {
    const print = `${stand} ${snoozed}`;
    if (this.#printedActions === print) return;
    this.#printedActions = print;
    /** @type {Verb[]} */
    const verbs = stand === "waiting" || stand === "bot"
      ? ["claim"]
      : stand === "mine"
      ? ["return", "transfer", snoozed ? "wake" : "snooze", "resolve"]
      : stand === "theirs"
      ? ["take-over"]
      : [];
    fill(
      this.#actions,
      ...verbs.map((verb) => {
        const act = () => this.dispatchEvent(new CustomEvent("act", { detail: verb }));
        const primary = stand === "waiting" ? "primary" : "";
        return make(
          "button",
          { type: "button", class: `button ${primary}`, onclick: act },
          stand === "bot" ? "Take over" : VERBS[verb],
        );
      }),
    );
  }

  /**
   * A second click while the first is under way must not do it twice.
   *
   * @param {boolean} busy
   */
  set busy(busy) {
    for (const button of this.#actions.querySelectorAll("button")) button.disabled = busy;
  }
}

customElements.define("conversation-thread", ConversationThread);
