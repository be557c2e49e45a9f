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
import { Colleagues } from "./colleagues.js";
import { ConversationList } from "./conversation_list.js";
import { ConversationThread } from "./conversation_thread.js";
import { CustomerPanel } from "./customer_panel.js";
import { Drafts } from "./drafts.js";
import { Found } from "./found.js";
import { Frames } from "./frames.js";
import { Inbox } from "./inbox.js";
import { Keyboard } from "./keyboard.js";
import { OpenConversation } from "./open_conversation.js";
import { Panes } from "./panes.js";
import { PresenceSwitch } from "./presence_switch.js";
import { Offers } from "./offers.js";
import { hashOf, readRoute } from "./route.js";
import { standing } from "./standing.js";
import { nothingFound, searchFor } from "./tag_words.js";
import { Unread } from "./unread.js";
import { ViewList } from "./view_list.js";
import { wire } from "./wiring.js";
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
  keyboard = new Keyboard(this);
  frames = new Frames(this);
  wishes = new AlertWishes(localStorage, this.user.id);
  taking = false;

  start() {
    wire(this);
    setInterval(() => this.tick(), 1000);
    this.bar.watch(this.live);
    this.presence.watch(this.live);
    this.live.start();
    this.showList();
    this.inbox.load();
    this.followAddress({ focus: false });
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
      this.keyboard.loaded(open);
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
    if (this.found.active) this.list.search.searchFor("");
    else this.showList();
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
}

/** @returns {import("../staff/types.js").User} */
function readUser() {
  const { userId = "", userName = "", userRole } = document.body.dataset;
  const role = userRole === "lead" || userRole === "admin" ? userRole : "agent";
  return { id: userId, name: userName, email: "", role };
}

new Desk().start();
