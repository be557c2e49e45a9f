// @ts-check
/** The desk: joins views, list, thread and customer panel to the server and to the address. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./conversation_list.js";
import "./conversation_thread.js";
import "./customer_panel.js";
import "./presence_switch.js";
import "./view_list.js";
import { inWords, post } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { Actions } from "./actions.js";
import { AlertWishes } from "./alert_wishes.js";
import { Alerting, notify } from "./alerting.js";
import { alertOf } from "./alerts.js";
import { openAlertsDialog } from "./alerts_dialog.js";
import { factsOf } from "./canned.js";
import { chime } from "./chime.js";
import { openCannedDialog } from "./canned_dialog.js";
import { Colleagues } from "./colleagues.js";
import { ConversationList } from "./conversation_list.js";
import { ConversationThread } from "./conversation_thread.js";
import { CustomerPanel } from "./customer_panel.js";
import { Drafts } from "./drafts.js";
import { EarlyKey } from "./early_key.js";
import { Found } from "./found.js";
import { Inbox } from "./inbox.js";
import { actionOf, isPossible, suggestionOf } from "./keys.js";
import { openKeysDialog } from "./keys_dialog.js";
import { openKnowledgeDialog } from "./knowledge_dialog.js";
import { openMentionDialog } from "./mention_dialog.js";
import { OpenConversation } from "./open_conversation.js";
import { paletteEntries, repliesOf } from "./palette_entries.js";
import { openPaletteDialog } from "./palette_dialog.js";
import { Panes } from "./panes.js";
import { PresenceSwitch } from "./presence_switch.js";
import { Offers } from "./offers.js";
import { hashOf, readRoute } from "./route.js";
import { standing } from "./standing.js";
import { nothingFound, searchFor } from "./tag_words.js";
import { Unread } from "./unread.js";
import { ViewList } from "./view_list.js";
import { counted, listed, viewOf, VIEWS } from "./views.js";

/** @typedef {import("./views.js").View} View */

/** What the agent sees, and the parts it is made of. */
export class Desk {
  user = readUser();
  bar = find(document, "staff-bar", StaffBar);
  views = find(document, "view-list", ViewList);
  list = find(document, "conversation-list", ConversationList);
  thread = find(document, "conversation-thread", ConversationThread);
  panel = find(document, "customer-panel", CustomerPanel);
  status = find(document, "status-line", StatusLine);
  presence = find(document, "presence-switch", PresenceSwitch);
  inbox = new Inbox();
  found = new Found();
  live = new LiveSocket();
  colleagues = new Colleagues(this.live);
  drafts = new Drafts(localStorage, this.user.id);
  unread = new Unread(localStorage, this.user.id);
  /** @type {OpenConversation|null} */
  open = null;
  /** @type {View} */
  view = viewOf(this.drafts.view).id;
  panes = new Panes(find(document, "main.desk", HTMLElement), this.panel);
  actions = new Actions(this);
  offers = new Offers(this);
  early = new EarlyKey();
  wishes = new AlertWishes(localStorage, this.user.id);
  alerting = new Alerting({
    userId: this.user.id,
    isSeen: ({ conversationId }) =>
      !document.hidden && (this.open === null || this.open.id === conversationId),
    call: (alert) => this.call(alert),
  });
  taking = false;

  start() {
    this.inbox.addEventListener("change", () => this.showList());
    this.found.addEventListener("change", () => this.showList());
    this.list.addEventListener("search", (event) => {
      this.found.search(/** @type {CustomEvent} */ (event).detail);
    });
    this.views.addEventListener("choose", (event) => {
      this.chooseView(/** @type {CustomEvent} */ (event).detail);
    });
    this.list.addEventListener("reload", () => {
      if (this.found.active) this.found.search(this.found.words);
      else this.inbox.load();
    });
    this.list.addEventListener("more", () => this.loadMore());
    this.list.addEventListener("take", () => this.takeNext());
    this.presence.addEventListener("problem", (event) => {
      this.status.say(/** @type {CustomEvent} */ (event).detail);
    });
    this.thread.addEventListener(
      "act",
      (event) => this.actions.start(/** @type {CustomEvent} */ (event).detail),
    );
    this.thread.addEventListener(
      "decide",
      (event) => this.actions.decide(/** @type {CustomEvent} */ (event).detail),
    );
    this.thread.addEventListener(
      "prioritise",
      (event) => this.actions.prioritise(/** @type {CustomEvent} */ (event).detail),
    );
    this.thread.addEventListener("called-back", () => this.actions.calledBack());
    this.thread.addEventListener("knowledge", () => this.searchKnowledge());
    this.thread.addEventListener("canned", () => this.chooseCanned());
    this.thread.addEventListener("wrote", (event) => {
      this.colleagues.wrote(/** @type {CustomEvent} */ (event).detail);
    });
    this.colleagues.addEventListener("change", () => {
      this.thread.colleagues = this.colleagues.items;
    });
    this.thread.addEventListener("mention", () => {
      const write = (/** @type {string} */ text) => this.thread.composer.type(text);
      openMentionDialog({ userId: this.user.id, write });
    });
    this.thread.addEventListener("back", () => this.close());
    this.thread.addEventListener("panel", () => this.togglePanel());
    this.panel.addEventListener("back", () => this.togglePanel());
    this.panel.addEventListener("profile", (event) => {
      const { id, profile } = /** @type {CustomEvent} */ (event).detail;
      if (this.open?.id === id) this.open?.learn(profile);
    });
    this.panel.addEventListener("acted", (event) => {
      this.actions.acted(/** @type {CustomEvent} */ (event).detail);
    });
    this.panel.tags.addEventListener("tagged", (event) => {
      const { id, tags } = /** @type {CustomEvent} */ (event).detail;
      const open = this.open?.id === id ? this.open : null;
      if (open?.detail) open.apply({ ...open.detail, tags });
    });
    this.panel.tags.addEventListener("search-tag", (event) => {
      this.searchTag(/** @type {CustomEvent} */ (event).detail);
    });
    this.panel.addEventListener("undone", () => {
      this.status.say("They are two customers again.");
      this.inbox.load();
      this.open?.load();
    });
    this.live.addEventListener("resync", () => {
      this.inbox.load();
      this.open?.load();
    });
    this.live.addEventListener("frame", (event) => {
      this.receive(/** @type {CustomEvent} */ (event).detail);
    });
    addEventListener("hashchange", () => this.followAddress({ focus: true }));
    document.addEventListener("visibilitychange", () => this.showOpen());
    addEventListener("keydown", (event) => this.key(event));
    find(this.bar, "[data-keys]", HTMLElement).addEventListener("click", openKeysDialog);
    find(this.bar, "[data-alerts]", HTMLElement).addEventListener(
      "click",
      () => openAlertsDialog(this),
    );
    setInterval(() => this.tick(), 1000);
    this.bar.watch(this.live);
    this.presence.watch(this.live);
    this.live.start();
    this.showList();
    this.inbox.load();
    this.followAddress({ focus: false });
  }

  /** @param {any} frame */
  receive(frame) {
    const alert = alertOf(frame, {
      user: this.user,
      agent: this.presence.agent,
      before: (id) => this.inbox.conversations.get(id),
    });
    // Until the list is there, everything would be news.
    if (alert && this.inbox.loaded) this.alerting.consider(alert);
    const open = this.open?.id === (frame.conversation_id ?? frame.conversation?.id)
      ? this.open
      : null;
    if (frame.type === "conversation") {
      this.inbox.apply(frame.conversation);
      open?.apply(frame.conversation);
    } else if (frame.type === "message") {
      this.actions.told(frame);
      this.unread.arrived(frame.conversation_id, frame.message);
      this.inbox.applyMessage(frame.conversation_id, frame.message);
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
  call(alert) {
    const wanted = this.wishes.wanted;
    if (wanted.has("sound")) chime();
    if (!wanted.has("notify")) return;
    notify(alert, {
      withText: wanted.has("text"),
      open: () => this.go(alert.conversationId),
    });
  }

  /**
   * Nobody is at the keyboard of a snooze that ends by itself: the agent is told which it was.
   *
   * @param {any} frame
   */
  #tellBack({ conversation_id, message }) {
    const known = this.inbox.conversations.get(conversation_id);
    if (message.event !== "woken" || known?.agent?.id !== this.user.id) return;
    this.status.say(`${known.customer.name}: ${message.text}`);
  }

  /** @param {{focus: boolean}} options */
  async followAddress({ focus }) {
    const { conversation, message } = readRoute(location.hash);
    if (conversation !== (this.open?.id ?? null)) {
      const left = this.open?.id ?? null;
      this.open?.close();
      this.open = conversation ? new OpenConversation(conversation, this) : null;
      const open = this.open;
      open?.addEventListener("change", () => this.showOpen());
      this.thread.open = open;
      this.colleagues.look(conversation);
      this.showOpen();
      this.showList();
      await open?.load();
      if (open !== this.open) return;
      if (message) this.thread.goTo(message);
      else if (focus && !open) this.list.focusRow(left);
      else if (focus) this.focusThread();
      const pressed = this.early.take(open);
      if (pressed && !document.querySelector("dialog[open]")) this.obey(pressed);
    } else {
      this.panes.show();
      if (message) this.thread.goTo(message);
      else if (focus && readRoute(location.hash).panel) this.panel.takeFocus();
    }
  }

  focusThread() {
    const mine = this.open?.detail && standing(this.open.detail, this.user.id) === "mine";
    // On a phone the field would raise the keyboard over the conversation.
    this.thread.takeFocus({ write: Boolean(mine) && !this.panes.narrow });
  }

  showOpen() {
    this.panel.show(this.open?.detail ?? null);
    const last = this.open?.detail?.messages.at(-1);
    if (this.open && last && !document.hidden) {
      this.unread.looked(this.open.id, last.seq);
      this.open.looked();
    }
    this.panes.show();
  }

  showList() {
    const { conversations } = this.inbox;
    const view = viewOf(this.view);
    const counts = /** @type {Record<View, {count: number, more: boolean}>} */ (Object.fromEntries(
      VIEWS.map(({ id }) => [id, {
        count: counted(id, conversations.values(), this.user.id),
        more: this.inbox.hasMore(id),
      }]),
    ));
    const { found } = this;
    this.views.show(this.view, counts);
    this.list.show({
      title: found.active ? "Found" : view.name,
      empty: found.active ? nothingFound(found.words) : view.empty,
      conversations: this.listed(),
      openId: this.open?.id ?? null,
      userId: this.user.id,
      unread: (id) => this.unread.count(id),
      ownerShown: found.active || this.view === "open",
      canTake: !found.active && this.view === "waiting" && counts.waiting.count > 0,
      hasMore: found.active ? found.next !== null : this.inbox.hasMore(this.view),
      loaded: found.active ? found.loaded : this.inbox.loaded,
      problem: found.active ? found.problem : this.inbox.problem,
    });
    this.presence.load = counts.mine.count;
    this.offers.show();
    const waiting = counts.waiting.count;
    document.title = waiting > 0 ? `(${waiting}) Desk · Warmline` : "Desk · Warmline";
  }

  /** What was found is shown as it is by now, where that is known. */
  listed() {
    const { conversations } = this.inbox;
    if (this.found.active) {
      return this.found.conversations.map((one) => ({
        ...(conversations.get(one.id) ?? one),
        found: one.found,
      }));
    }
    return listed(this.view, this.inbox.conversations.values(), this.user.id);
  }

  tick() {
    this.list.tick();
    this.thread.tick();
    this.offers.bar.tick();
  }

  /** @param {View} view */
  chooseView(view) {
    this.view = view;
    this.drafts.view = view;
    this.showList();
  }

  async loadMore() {
    try {
      if (this.found.active) await this.found.more();
      else await this.inbox.loadMore(this.view);
    } catch (error) {
      this.status.say(inWords(error));
    }
  }

  /** The server decides who it is: another agent may press at the same moment. */
  async takeNext() {
    if (this.taking) return;
    this.taking = true;
    try {
      await this.presence.settled;
      const { id } = await post("handoffs/next");
      this.inbox.load();
      this.chooseView("mine");
      this.go(id);
    } catch (error) {
      this.status.say(inWords(error));
    } finally {
      this.taking = false;
    }
  }

  /** @param {1|-1} step */
  step(step) {
    const next = this.neighbour(step);
    if (next) this.go(next);
  }

  /**
   * @param {1|-1} step
   * @returns {string|null} the id of the one beside the open one in the list
   */
  neighbour(step) {
    const ids = this.listed().map((one) => one.id);
    const at = ids.indexOf(this.open?.id ?? "");
    return (at === -1 ? ids.at(step === 1 ? 0 : -1) : ids[at + step]) ?? null;
  }

  /**
   * Moving between conversations replaces the address, so that "back" leads to the list.
   *
   * @param {string} id
   */
  go(id) {
    if (this.open) history.replaceState(null, "", hashOf(id));
    else history.pushState(null, "", hashOf(id));
    this.followAddress({ focus: true });
  }

  close() {
    history.pushState(null, "", location.pathname);
    this.followAddress({ focus: true });
  }

  /** Begins with what the customer asked last: mostly that is what the agent is looking for. */
  searchKnowledge() {
    const messages = this.open?.detail?.messages;
    if (!messages) return;
    const asked = messages.findLast((one) => one.author === "customer" && one.event === null);
    openKnowledgeDialog({
      question: asked?.text ?? "",
      insert: (text) => this.thread.composer.insert(text),
    });
  }

  chooseCanned() {
    const detail = this.open?.detail;
    if (!detail) return;
    openCannedDialog({
      facts: factsOf(detail, this.user),
      insert: (text) => this.thread.composer.insert(text),
    });
  }

  togglePanel() {
    if (!this.open) return;
    const shown = this.panes.togglePanel(this.open.id);
    if (shown) this.panel.takeFocus();
    else if (!this.panes.narrow) this.focusThread();
  }

  addTag() {
    if (!this.open) return;
    this.panes.showPanel(this.open.id);
    this.panel.tags.takeFocus();
  }

  /** @param {string} tag */
  searchTag(tag) {
    this.list.search.searchFor(searchFor(tag));
    if (this.panes.narrow) this.close();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const typing = event.target instanceof Element &&
      event.target.matches("input, textarea, select");
    const action = actionOf(event, typing);
    if (!action || (action === "close" && !this.open)) return;
    event.preventDefault();
    // After a click on a row the address is there before the browser says so.
    if (readRoute(location.hash).conversation !== (this.open?.id ?? null)) {
      this.followAddress({ focus: true });
    }
    const pressed = { action, code: event.code };
    if (!this.early.keeps(this.open, pressed)) this.obey(pressed);
  }

  /** @param {import("./early_key.js").Pressed} pressed */
  obey({ action, code }) {
    const possible = isPossible(action, this.situation);
    if (action === "next") this.step(1);
    else if (action === "previous") this.step(-1);
    else if (action === "take") this.takeNext();
    else if (action === "accept") this.offers.accept();
    else if (action === "keys") openKeysDialog();
    else if (action === "alerts") openAlertsDialog(this);
    else if (action === "palette") this.choose();
    else if (action === "search") this.list.search.takeFocus();
    else if (action === "close") this.close();
    else if (action === "panel") this.togglePanel();
    else if (action === "tag") this.addTag();
    else if (action === "knowledge") this.searchKnowledge();
    else if (action === "suggestion") this.thread.takeSuggestion(suggestionOf(code) ?? 0);
    else if (action === "reply" || action === "note") this.thread.composer.focusField(action);
    else if (action === "claim" && possible) this.actions.start("claim");
    else if (action === "resolve" && possible) this.actions.start("resolve");
    else if (action === "snooze" && possible) this.actions.start("snooze");
    else if (action === "resolve-next" && possible) this.actions.resolve({ goOn: true });
  }

  /** @returns {import("./keys.js").Situation} */
  get situation() {
    const detail = this.open?.detail;
    const stand = detail ? standing(detail, this.user.id) : null;
    return {
      always: true,
      next: this.neighbour(1) !== null,
      previous: this.neighbour(-1) !== null,
      queue: [...this.inbox.conversations.values()].some(({ state }) => state === "waiting"),
      offered: this.offers.current !== null,
      chosen: this.open !== null,
      open: stand !== null,
      waiting: stand === "waiting",
      mine: stand === "mine",
    };
  }

  /** The command palette. */
  choose() {
    openPaletteDialog({ entries: paletteEntries(this), later: () => repliesOf(this) });
  }
}

/** @returns {import("../staff/types.js").User} */
function readUser() {
  const { userId = "", userName = "", userRole } = document.body.dataset;
  return { id: userId, name: userName, email: "", role: userRole === "lead" ? "lead" : "agent" };
}

new Desk().start();
