// @ts-check
/** `<team-list>`: everybody who serves; fires `edit` and `revoke` (detail = the member) and `reload`. */

import { placeInOrder } from "../shared/keyed.js";
import { fill, make } from "../staff/element.js";
import { servedBy, standing } from "./team_words.js";

/** @typedef {import("./team_words.js").Member} Member */
/** @typedef {import("./team_words.js").QueueLine} QueueLine */

export class TeamList extends HTMLElement {
  #state = make("div", { class: "team-state", role: "status" });
  #list = make("ul", { class: "members", "aria-label": "Team" });
  /** @type {Map<string, {print: string, row: HTMLLIElement}>} */
  #rows = new Map();

  connectedCallback() {
    this.append(make("h2", { class: "team-head" }, "Who serves"), this.#state, this.#list);
  }

  /**
   * @param {object} team
   * @param {readonly Member[]} team.members
   * @param {readonly QueueLine[]} team.queues
   * @param {string} team.userId
   * @param {boolean} team.ready
   * @param {string|null} team.problem
   */
  show({ members, queues, userId, ready, problem }) {
    placeInOrder(this.#list, members.map((one) => this.#row(one, queues, one.id === userId)));
    const shown = new Set(members.map((one) => one.id));
    for (const id of this.#rows.keys()) if (!shown.has(id)) this.#rows.delete(id);
    this.#state.hidden = ready && problem === null;
    if (problem !== null) {
      const again = () => this.dispatchEvent(new Event("reload"));
      fill(
        this.#state,
        make("p", { class: "bad" }, problem),
        make("button", { type: "button", class: "button", onclick: again }, "Try again"),
      );
    } else {
      fill(this.#state, make("p", { class: "quiet" }, "Loading…"));
    }
  }

  /** Puts the focus on what follows somebody who is gone. */
  focusFirst() {
    this.querySelector("button")?.focus();
  }

  /**
   * @param {Member} member
   * @param {readonly QueueLine[]} queues
   * @param {boolean} isOneself
   */
  #row(member, queues, isOneself) {
    const print = JSON.stringify([member, servedBy(member, queues), isOneself]);
    const known = this.#rows.get(member.id);
    if (known?.print === print) return known.row;
    const row = known?.row ?? make("li", { class: "member" });
    const focused = row.contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-does")
      : null;
    fill(row, ...this.#content(member, queues, isOneself));
    const same = focused ? row.querySelector(`[data-does="${focused}"]`) : null;
    if (same instanceof HTMLElement) same.focus();
    this.#rows.set(member.id, { print, row });
    return row;
  }

  /**
   * @param {Member} member
   * @param {readonly QueueLine[]} queues
   * @param {boolean} isOneself
   */
  #content(member, queues, isOneself) {
    const { state, words } = standing(member);
    const nameId = `name-of-${member.id}`;
    /** @param {"edit"|"revoke"} type @param {string} label */
    const button = (type, label) => {
      const onclick = () => this.dispatchEvent(new CustomEvent(type, { detail: member }));
      const about = { "aria-describedby": nameId, "data-does": type };
      return make("button", { type: "button", class: "button", ...about, onclick }, label);
    };
    return [
      make(
        "div",
        { class: "member-who" },
        make("b", { id: nameId }, make("bdi", null, member.name)),
        make(
          "span",
          { class: "quiet" },
          make("bdi", null, member.email),
          member.role === "agent" ? null : ` · ${member.role}`,
          isOneself ? " · you" : null,
        ),
      ),
      make(
        "div",
        { class: "member-there" },
        make("span", { class: "badge member-state", "data-state": state }, words),
        make(
          "span",
          { class: member.load >= member.capacity ? "bad" : null },
          `${member.load} of ${member.capacity} conversations`,
        ),
      ),
      make(
        "div",
        { class: "member-serves" },
        make("span", null, make("bdi", null, servedBy(member, queues))),
        member.skills.length > 0
          ? make("span", { class: "quiet" }, make("bdi", null, member.skills.join(", ")))
          : null,
      ),
      make(
        "div",
        { class: "member-buttons" },
        button("edit", "Edit"),
        isOneself ? null : button("revoke", "End account"),
      ),
    ];
  }
}

customElements.define("team-list", TeamList);
