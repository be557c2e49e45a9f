// @ts-check
/** The console: joins the log of turns, its filters and the conversation behind a turn to server and address. */

import "../staff/staff_bar.js";
import "./filter_bar.js";
import "./log_tools.js";
import "./turn_panel.js";
import "./turn_table.js";
import { doorbell } from "../shared/doorbell.js";
import { get } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { FilterBar } from "./filter_bar.js";
import { addressOf, readFilters } from "./filters.js";
import { LogTools } from "./log_tools.js";
import { TurnLog } from "./turn_log.js";
import { TurnPanel } from "./turn_panel.js";
import { TurnTable } from "./turn_table.js";

/** @typedef {import("../staff/types.js").Facets} Facets */
/** @typedef {import("../staff/types.js").Turn} Turn */
/** @typedef {import("./filters.js").Filters} Filters */

class Console {
  bar = find(document, "staff-bar", StaffBar);
  main = find(document, "main.console", HTMLElement);
  filters = find(document, "filter-bar", FilterBar);
  tools = find(document, "log-tools", LogTools);
  table = find(document, "turn-table", TurnTable);
  panel = find(document, "turn-panel", TurnPanel);
  live = new LiveSocket();
  lookForLabels = doorbell(() => this.log.lookForLabels());
  log = new TurnLog(readFilters(location.search));
  /** @type {Facets|null} */
  facets = null;
  /** @type {Turn|null} */
  open = null;

  start() {
    this.log.addEventListener("change", () => {
      this.table.show(this.log, this.open?.id ?? null);
      const open = this.log.turns.find((turn) => turn.id === this.open?.id);
      if (open) this.panel.showLabels(open);
    });
    for (const narrowing of [this.filters, this.tools]) {
      narrowing.addEventListener("change-filters", (event) => {
        this.narrow(/** @type {CustomEvent} */ (event).detail);
      });
    }
    this.table.addEventListener(
      "open",
      (event) => this.show(/** @type {CustomEvent} */ (event).detail),
    );
    this.table.addEventListener("more", () => this.log.loadMore());
    this.table.addEventListener("reload", () => this.log.load(this.log.filters));
    this.table.addEventListener("clear", () => this.narrow(readFilters("")));
    this.table.addEventListener("show-new", () => {
      this.log.load(this.log.filters);
      this.loadFacets();
    });
    this.panel.addEventListener("close", () => this.close());
    addEventListener("popstate", () => this.followAddress());
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.open && !event.defaultPrevented) this.close();
    });
    this.live.addEventListener("resync", () => {
      this.log.lookForNew();
      this.lookForLabels();
      this.loadFacets();
      this.panel.reload();
    });
    this.live.addEventListener(
      "frame",
      (event) => this.receive(/** @type {CustomEvent} */ (event).detail),
    );
    this.bar.watch(this.live);
    this.live.start();
    this.loadFacets();
    this.followAddress();
  }

  /** @param {any} frame */
  receive(frame) {
    if (frame.type === "turn") this.log.announce(frame.turn);
    if (frame.type === "label") this.lookForLabels();
    const shown = this.panel.conversationId;
    if (frame.type === "message" && frame.conversation_id === shown) {
      this.panel.applyMessage(frame.message);
    }
    if (frame.type === "receipt" && frame.conversation_id === shown) this.panel.applyReceipt(frame);
    if (frame.type === "conversation" && frame.conversation.id === shown) this.panel.reload();
  }

  async followAddress() {
    const filters = readFilters(location.search);
    this.filters.show(filters, this.facets);
    this.tools.show(filters);
    const loading = this.log.load(filters);
    const params = new URLSearchParams(location.search);
    const [turnId, conversationId] = [params.get("turn"), params.get("c")];
    if (!turnId || !conversationId) {
      this.show(null, { keepAddress: true });
      return;
    }
    await loading;
    const turn = this.log.turns.find((one) => one.id === turnId) ??
      await this.#fetchTurn(turnId, conversationId);
    this.show(turn, { keepAddress: true });
  }

  /**
   * A shared link can point at a turn far down the log.
   *
   * @param {string} turnId
   * @param {string} conversationId
   * @returns {Promise<Turn|null>}
   */
  async #fetchTurn(turnId, conversationId) {
    const query = new URLSearchParams({ conversation_id: conversationId, limit: "200" });
    try {
      const page = await get(`turns?${query}`);
      return page.items.find((/** @type {Turn} */ one) => one.id === turnId) ?? null;
    } catch {
      return null;
    }
  }

  /** @param {Filters} filters */
  narrow(filters) {
    this.#writeAddress(filters, "replace");
    this.filters.show(filters, this.facets);
    this.tools.show(filters);
    this.log.load(filters);
  }

  async loadFacets() {
    try {
      this.facets = await get("turns/facets");
      this.filters.show(this.log.filters, this.facets);
    } catch {
      // Without counts the filters in the address still work; the table says what is wrong.
    }
  }

  /**
   * @param {Turn|null} turn
   * @param {{keepAddress: boolean}} [options]
   */
  show(turn, { keepAddress } = { keepAddress: false }) {
    const first = this.open === null;
    this.open = turn;
    this.main.toggleAttribute("data-panel", turn !== null);
    if (!keepAddress) this.#writeAddress(this.log.filters, first ? "push" : "replace");
    this.table.show(this.log, turn?.id ?? null);
    this.panel.open(turn);
  }

  close() {
    const id = this.open?.id;
    this.show(null);
    if (id) this.table.focusTurn(id);
  }

  /**
   * @param {Filters} filters
   * @param {"push"|"replace"} how
   */
  #writeAddress(filters, how) {
    const params = addressOf(filters);
    if (this.open) {
      params.set("c", this.open.conversation_id);
      params.set("turn", this.open.id);
    }
    const search = params.toString();
    const address = search ? `${location.pathname}?${search}` : location.pathname;
    if (how === "push") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }
}

new Console().start();
