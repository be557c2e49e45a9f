// @ts-check
/** `<people-list>`: who may get in; fires `role`, `link`, `unlock` and `revoke` (detail = the person), `create` and `reload`. */

import { placeInOrder } from "../shared/keyed.js";
import { fill, make } from "../staff/element.js";
import { standing } from "./access_words.js";

/** @typedef {import("./access_words.js").Person} Person */

export class PeopleList extends HTMLElement {
  #state = make("div", { class: "access-state", role: "status" });
  #list = make("ul", { class: "access-rows", "aria-label": "People and programs" });
  /** @type {Map<string, {print: string, row: HTMLLIElement}>} */
  #rows = new Map();

  connectedCallback() {
    const create = () => this.dispatchEvent(new Event("create"));
    this.append(
      make(
        "div",
        { class: "access-head" },
        make("h2", null, "People and programs"),
        make(
          "button",
          { type: "button", class: "button primary", onclick: create },
          "Add somebody",
        ),
      ),
      this.#state,
      this.#list,
    );
  }

  /**
   * @param {object} access
   * @param {readonly Person[]} access.people
   * @param {string} access.userId
   * @param {boolean} access.ready
   * @param {string|null} access.problem
   */
  show({ people, userId, ready, problem }) {
    placeInOrder(this.#list, people.map((one) => this.#row(one, one.id === userId)));
    const shown = new Set(people.map((one) => one.id));
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

  /** Puts the focus somewhere when what had it is gone. */
  focusFirst() {
    this.querySelector("button")?.focus();
  }

  /**
   * @param {Person} person
   * @param {boolean} isOneself
   */
  #row(person, isOneself) {
    const stands = standing(person, new Date());
    const print = JSON.stringify([person, stands, isOneself]);
    const known = this.#rows.get(person.id);
    if (known?.print === print) return known.row;
    const row = known?.row ?? make("li", { class: "access-row" });
    const focused = row.contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-does")
      : null;
    fill(row, ...this.#content(person, stands, isOneself));
    const same = focused ? row.querySelector(`[data-does="${focused}"]`) : null;
    if (same instanceof HTMLElement) same.focus();
    this.#rows.set(person.id, { print, row });
    return row;
  }

  /**
   * @param {Person} person
   * @param {ReturnType<typeof standing>} stands
   * @param {boolean} isOneself
   */
  #content(person, stands, isOneself) {
    const nameId = `person-${person.id}`;
    /** @param {"role"|"link"|"unlock"|"revoke"} type @param {string} label */
    const button = (type, label) => {
      const onclick = () => this.dispatchEvent(new CustomEvent(type, { detail: person }));
      const about = { "aria-describedby": nameId, "data-does": type };
      return make("button", { type: "button", class: "button", ...about, onclick }, label);
    };
    const open = person.revoked_at === null;
    const isProgram = person.role === "program";
    return [
      make(
        "div",
        { class: "access-what" },
        make("b", { id: nameId }, make("bdi", null, person.name)),
        make("span", { class: "quiet" }, make("bdi", null, person.email), isOneself && " · you"),
      ),
      make(
        "div",
        { class: "access-facts" },
        make("span", { class: "access-role" }, person.role),
        make("span", { class: "badge access-standing", "data-state": stands.state }, stands.words),
      ),
      make(
        "div",
        { class: "access-buttons" },
        open && stands.state === "waits" && button("unlock", "Let in"),
        open && !isProgram && !isOneself && button("role", "Role"),
        open && !isProgram && button("link", "Password link"),
        open && !isOneself && button("revoke", "End account"),
      ),
    ];
  }
}

customElements.define("people-list", PeopleList);
