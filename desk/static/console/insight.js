// @ts-check
/** Insight: what comes of contacts, for the days, the figure and the filters in the page's address. */

import "../staff/staff_bar.js";
import { doorbell } from "../shared/doorbell.js";
import { get, inWords } from "../staff/api.js";
import { fill, find, make } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { ContactList } from "./contact_list.js";
import { InsightFigure } from "./insight_figure.js";
import { InsightFigures } from "./insight_figures.js";
import { InsightPeriod } from "./insight_period.js";
import { addressOf, fillingText, queryOf, readChoice } from "./insight_words.js";

const PAGE = 20;
const LARGEST = 200; // of the API's pages

class InsightPage {
  bar = find(document, "staff-bar", StaffBar);
  period = find(document, "insight-period", InsightPeriod);
  figures = find(document, "insight-figures", InsightFigures);
  figure = find(document, "insight-figure", InsightFigure);
  list = find(document, "contact-list", ContactList);
  filling = find(document, ".insight-filling", HTMLElement);
  live = new LiveSocket();
  choice = readChoice(location.search, new Date());
  /** @type {Map<string, import("./insight_words.js").Definition>} */
  definitions = new Map();
  /** How many of the list stand on the page. */
  shown = PAGE;
  load = doorbell(() => this.#read());

  start() {
    this.period.addEventListener("choose", (event) => this.#choose(event));
    this.figure.addEventListener("narrow", (event) => this.#choose(event));
    this.figures.addEventListener("choose", (event) => {
      const figure = /** @type {CustomEvent} */ (event).detail;
      this.#change({ figure, part: "counted" });
    });
    this.list.addEventListener("part", (event) => {
      this.#change({ part: /** @type {CustomEvent} */ (event).detail });
    });
    this.list.addEventListener("more", () => {
      this.shown += PAGE;
      this.load();
    });
    globalThis.addEventListener("popstate", () => {
      this.choice = readChoice(location.search, new Date());
      this.load();
    });
    this.live.addEventListener("resync", () => this.load());
    this.live.addEventListener("frame", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === "insight") this.load();
    });
    this.bar.watch(this.live);
    this.live.start();
    this.load();
  }

  /** @param {Event} event */
  #choose(event) {
    this.#change(/** @type {CustomEvent} */ (event).detail);
  }

  /** @param {Partial<import("./insight_words.js").Choice>} changed */
  #change(changed) {
    this.choice = { ...this.choice, ...changed };
    this.shown = PAGE;
    history.pushState(null, "", `?${addressOf(this.choice)}`);
    this.load();
  }

  async #read() {
    const { choice } = this;
    try {
      if (this.definitions.size === 0) {
        const { items } = await get("insight/definitions");
        for (const one of items) this.definitions.set(one.name, one);
      }
      const known = this.definitions.get(choice.figure) ?? this.definitions.get("containment");
      if (!known) return;
      const query = queryOf(choice);
      const behind = new URLSearchParams(query);
      behind.set("figure", known.name);
      behind.set("part", known.unit === "share" ? choice.part : "counted");
      const [insight, days, contacts] = await Promise.all([
        get(`insight?${query}`),
        get(`insight/days?${query}`),
        this.#contacts(behind),
      ]);
      if (choice !== this.choice) return; // chosen anew meanwhile, and rung for
      this.period.show(choice);
      this.#show(insight, days.items, contacts, known);
    } catch (error) {
      const again = () => this.load();
      fill(
        this.figures,
        make("p", { class: "bad", role: "alert" }, inWords(error)),
        make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      );
    }
  }

  /**
   * As many as stand on the page, in the largest pieces that the API gives.
   *
   * @param {URLSearchParams} query
   */
  async #contacts(query) {
    /** @type {import("./contact_list.js").Contact[]} */
    const items = [];
    /** @type {string|null} */
    let next = null;
    do {
      query.set("limit", String(Math.min(this.shown - items.length, LARGEST)));
      if (next) query.set("cursor", next);
      const page = await get(`insight/contacts?${query}`);
      items.push(...page.items);
      next = page.next;
    } while (next && items.length < this.shown);
    return { items, next };
  }

  /**
   * @param {import("./insight_words.js").Insight} insight
   * @param {import("./insight_words.js").Day[]} days
   * @param {{items: import("./contact_list.js").Contact[], next: string|null}} contacts
   * @param {import("./insight_words.js").Definition} definition
   */
  #show(insight, days, contacts, definition) {
    this.filling.textContent = fillingText(insight.counted);
    this.filling.hidden = insight.counted === 1;
    if (days.length === 0) {
      fill(this.figure);
      fill(this.list);
      fill(
        this.figures,
        make("h2", null, "No contacts in these days"),
        make(
          "p",
          { class: "quiet" },
          "Once customers write, this page says how many the bot helped alone, what they came for, " +
            "how long they waited for a person, and how that changes. Choose other days to look further back.",
        ),
      );
      return;
    }
    this.figures.show(insight.figures, this.definitions, definition.name);
    this.figure.show(insight, days, definition);
    this.list.show(contacts.items, contacts.next !== null, definition, this.choice.part);
  }
}

new InsightPage().start();
