// @ts-check
/** `<customer-panel>`: who the customer is and how that was verified, where else they wrote, and their orders from the shop. */

import { channelName } from "../shared/channels.js";
import { get, inWords } from "../staff/api.js";
import { fill, make } from "../staff/element.js";
import { dateOf } from "../staff/moments.js";
import { intentName, readable, valueText, verificationName, wrapUpName } from "../staff/words.js";
import { blockLines } from "./block.js";
import { changeList } from "./changes.js";
import { ConversationTags } from "./conversation_tags.js";
import { earlierList } from "./earlier.js";
import { joinList } from "./joins.js";
import { NextActions } from "./next_actions.js";
import { orderCard } from "./order_card.js";
import { byRelevance } from "./orders.js";
import { surveyLines } from "./survey.js";

/** @typedef {import("../staff/types.js").ConversationDetail} ConversationDetail */
/** @typedef {import("../staff/types.js").CustomerContext} CustomerContext */

const NOT_SHOWN_AGAIN = new Set(["name"]);

/** Fires `back`, `block`, `lift`, `undone` when a join was, and `profile` (detail = {id, profile}) once the shop answered. What the shop says loads and fails apart from everything else. */
export class CustomerPanel extends HTMLElement {
  #who = make("div");
  tags = new ConversationTags();
  #actions = new NextActions();
  #shop = make("div", { "aria-live": "polite" });
  #block = make("div");
  #heading = make("h2", { tabindex: "-1" }, "Customer");
  /** @type {string|null} */
  #conversationId = null;
  #printed = "";
  /** @type {string|null} */
  #mentioned = null;
  #fetching = new AbortController();

  connectedCallback() {
    const back = make("button", { type: "button", class: "link only-narrow" }, "‹ Conversation");
    const close = make("button", { type: "button", class: "link only-wide" }, "Hide");
    close.setAttribute("aria-keyshortcuts", "Alt+O");
    for (const button of [back, close]) {
      button.addEventListener("click", () => this.dispatchEvent(new Event("back")));
    }
    const header = make("header", { class: "panel-header" }, back, this.#heading, close);
    this.append(
      header,
      make(
        "div",
        { class: "panel-scroll" },
        this.#who,
        this.tags,
        this.#actions,
        this.#shop,
        this.#block,
      ),
    );
  }

  /** Unless it has it: a key may have led to one of its fields. */
  takeFocus() {
    if (!this.contains(document.activeElement)) this.#heading.focus();
  }

  /** @param {ConversationDetail|null} detail */
  show(detail) {
    const another = detail?.id !== this.#conversationId;
    this.#conversationId = detail?.id ?? null;
    const isMine = detail?.state === "agent" && detail.agent?.id === document.body.dataset.userId;
    this.#actions.show(isMine ? detail : null);
    this.tags.show(detail);
    if (!detail) {
      fill(this.#who);
      fill(this.#shop);
      fill(this.#block);
      return;
    }
    const order = detail.handoff?.collected.find(({ name }) => name === "order_number");
    this.#mentioned = order ? valueText(order.value) : null;
    this.#showBlock(detail);
    const print = JSON.stringify([
      detail.customer,
      detail.changes,
      detail.wrap_up,
      detail.survey,
      detail.block,
    ]);
    if (another || print !== this.#printed) {
      fill(
        this.#who,
        ...identity(detail.customer),
        ...(detail.block ? this.#blockLines(detail) : []),
        ...changed(detail.changes),
        ...wrapUp(detail.wrap_up),
        ...surveyLines(detail.survey),
        ...this.#elsewhere(detail.customer),
      );
    }
    this.#printed = print;
    if (another) this.#load(detail.id);
  }

  /** The way to block somebody comes last; that they are, first. @param {ConversationDetail} detail */
  #showBlock(detail) {
    const print = JSON.stringify([detail.id, detail.state, detail.agent, Boolean(detail.block)]);
    if (this.#block.dataset.print === print) return;
    this.#block.dataset.print = print;
    fill(this.#block, ...(detail.block ? [] : this.#blockLines(detail)));
  }

  /** @param {ConversationDetail} detail */
  #blockLines(detail) {
    const { userId, userRole } = document.body.dataset;
    const user = { id: userId ?? "", leads: userRole === "lead" || userRole === "admin" };
    return blockLines(detail, user, (wish) => this.dispatchEvent(new Event(wish)));
  }

  /** @param {import("../staff/types.js").Customer} customer */
  #elsewhere({ joins, earlier }) {
    const undone = () => this.dispatchEvent(new Event("undone"));
    return [
      joins.length > 0 ? title("Joined") : null,
      joins.length > 0 ? joinList(joins, undone) : null,
      earlier.length > 0 ? title("Earlier conversations") : null,
      earlier.length > 0 ? earlierList(earlier) : null,
    ];
  }

  /** @param {string} id */
  async #load(id) {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    const { signal } = this.#fetching;
    fill(this.#shop, title("Orders"), make("p", { class: "quiet" }, "Asking the shop…"));
    try {
      const path = `conversations/${encodeURIComponent(id)}/customer`;
      /** @type {CustomerContext} */
      const context = await get(path, { signal });
      if (context.error) this.#failed(id, context.error);
      else fill(this.#shop, ...profile(context.profile), ...this.#orders(context));
      this.dispatchEvent(new CustomEvent("profile", { detail: { id, profile: context.profile } }));
    } catch (error) {
      if (!signal.aborted) this.#failed(id, inWords(error));
    }
  }

  /**
   * @param {string} id
   * @param {string} words
   */
  #failed(id, words) {
    const retry = make("button", { type: "button", class: "button" }, "Ask again");
    retry.addEventListener("click", () => this.#load(id));
    fill(this.#shop, title("Orders"), make("p", { class: "bad" }, words), retry);
  }

  /** @param {CustomerContext} context */
  #orders({ orders }) {
    if (orders.length === 0) return [title("Orders"), make("p", { class: "quiet" }, "No orders.")];
    const mentioned = this.#mentioned;
    return [
      title(`Orders (${orders.length})`),
      ...byRelevance(orders, mentioned).map((one, index) =>
        orderCard(one, { open: index === 0, mentioned: one.number === mentioned })
      ),
    ];
  }
}

/** @param {import("../staff/types.js").WrapUp|null} wrapUp */
function wrapUp(wrapUp) {
  if (!wrapUp) return [];
  const { outcome, intent, agent, at } = wrapUp;
  const said = [wrapUpName(outcome), intent && intentName(intent)].filter(Boolean).join(" · ");
  const by = agent ? `${agent.name}, ${dateOf(at)}` : dateOf(at);
  return [title("Resolved as"), make("p", null, said), make("p", { class: "quiet" }, by)];
}

/** @param {import("../staff/types.js").Change[]} changes */
function changed(changes) {
  return changes.length > 0 ? [title("Changed in this conversation"), changeList(changes)] : [];
}

/** @param {import("../staff/types.js").Customer} customer */
function identity({ name, identities, verification }) {
  const level = verification?.level ?? "anyone";
  const mark = make("span", { class: "badge verification" }, verificationName(level));
  mark.dataset.level = level;
  const rows = identities.flatMap(({ channel, address, verification: how }) => [
    make("dt", null, channelName(channel)),
    make("dd", null, address, how ? make("span", null, ` ${verificationName(how)}`) : null),
  ]);
  return [
    make("p", { class: "panel-name" }, name),
    make("p", null, mark),
    level !== "anyone" && verification?.how
      ? make("p", { class: "quiet" }, readable(verification.how))
      : null,
    rows.length > 0 ? title("Reached by") : null,
    rows.length > 0 ? make("dl", { class: "facts" }, ...rows) : null,
  ];
}

/** @param {Record<string, unknown>|null} values */
function profile(values) {
  if (!values) {
    return [title("In the shop"), make("p", { class: "quiet" }, "Not linked to a shop account.")];
  }
  const rows = Object.entries(values)
    .filter(([name, value]) => isPlain(value) && !NOT_SHOWN_AGAIN.has(name))
    .flatMap(([name, value]) => [
      make("dt", null, readable(name)),
      make("dd", null, profileText(name, value)),
    ]);
  return [title("In the shop"), make("dl", { class: "facts" }, ...rows)];
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function profileText(name, value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return /_(since|on)$/.test(name) ? dateOf(String(value)) : valueText(value);
}

/**
 * A shop may send lists and nested things too; a panel to glance at shows what fits on a line.
 *
 * @param {unknown} value
 */
function isPlain(value) {
  return value !== null && value !== "" && typeof value !== "object";
}

/** @param {string} words */
function title(words) {
  return make("h3", null, words);
}

customElements.define("customer-panel", CustomerPanel);
