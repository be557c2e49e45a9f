// @ts-check
/** Access: joins the people, what they get in with and an admin's decisions to the server. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./people_list.js";
import "./proof_list.js";
import { get, inWords, patch, post, remove } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import {
  openEndDialog,
  openPersonDialog,
  openRoleDialog,
  showOnce,
} from "./access_dialogs.js";
import { ofSession, ofToken, SCOPES } from "./access_words.js";
import { PeopleList } from "./people_list.js";
import { ProofList } from "./proof_list.js";
import { endToken, makeToken } from "./token_actions.js";

/** @typedef {import("./access_words.js").Person} Person */
/** @typedef {import("./access_words.js").Proof} Proof */

// A burst of changes is one look; waits and sessions end without a word.
const SETTLE_MS = 250;
const LOOK_MS = 30_000;

class AccessPage {
  bar = find(document, "staff-bar", StaffBar);
  list = find(document, "people-list", PeopleList);
  sessionList = find(document, "proof-list[data-kind=session]", ProofList);
  tokenList = find(document, "proof-list[data-kind=token]", ProofList);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  userId = document.body.dataset.userId ?? "";
  /** @type {Person[]} */
  people = [];
  /** @type {import("./access_words.js").Session[]} */
  sessions = [];
  /** @type {import("./access_words.js").Token[]} */
  tokens = [];
  ready = false;
  /** @type {string|null} */
  problem = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #settling;
  #round = 0;

  start() {
    /** @param {string} type @param {(person: Person) => void} handle */
    const on = (type, handle) =>
      this.list.addEventListener(type, (event) => {
        handle(/** @type {CustomEvent} */ (event).detail);
      });
    on("role", (person) => this.changeRole(person));
    on("link", (person) => this.makeLink(person));
    on("unlock", (person) => this.unlock(person));
    on("revoke", (person) => this.revoke(person));
    this.list.addEventListener("create", () => this.add());
    this.list.addEventListener("reload", () => this.load());
    this.sessionList.addEventListener("end", (event) => {
      this.endSession(/** @type {CustomEvent} */ (event).detail);
    });
    this.tokenList.addEventListener("end", (event) => {
      endToken(this, /** @type {CustomEvent} */ (event).detail);
    });
    this.tokenList.addEventListener("create", () => this.makeToken());
    this.live.addEventListener("resync", () => this.load());
    this.live.addEventListener("frame", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.type === "access") this.loadSoon();
    });
    setInterval(() => document.hidden || this.load(), LOOK_MS);
    this.bar.watch(this.live);
    this.live.start();
    this.show();
    this.load();
  }

  loadSoon() {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.load();
    }, SETTLE_MS);
  }

  async load() {
    const round = ++this.#round;
    try {
      const { people, sessions, tokens } = await get("access");
      if (round !== this.#round) return;
      Object.assign(this, { people, sessions, tokens, ready: true, problem: null });
    } catch (error) {
      if (round !== this.#round) return;
      this.problem = inWords(error);
    }
    this.show();
  }

  show() {
    const now = new Date();
    this.list.show(this);
    this.sessionList.show(this.sessions.map((one) => ofSession(one, this.people, now)));
    this.tokenList.show(this.tokens.map((one) => ofToken(one, this.people, now)));
  }

  add() {
    openPersonDialog(async (person) => {
      const { link, user } = await post("users", person);
      await this.load();
      if (link === null) this.status.say(`${user.name} is added. Make an API token for it.`);
      else setTimeout(() => this.showLink(user, link));
    });
  }

  /** @param {Person} person */
  changeRole(person) {
    openRoleDialog(person, async (role) => {
      await patch(address(person), { role });
      await this.load();
      this.status.say(`${person.name} is ${role} now.`);
    });
  }

  /** @param {Person} person */
  makeLink(person) {
    openEndDialog(
      `A password link for ${person.name}?`,
      "They choose a new password by it and are signed out elsewhere. An earlier link ends.",
      "Make it",
      async () => {
        const { link } = await post(`${address(person)}/password-link`);
        setTimeout(() => this.showLink(person, link));
      },
    );
  }

  /**
   * @param {{name: string}} person
   * @param {string} link
   */
  showLink(person, link) {
    showOnce({
      title: `A password link for ${person.name}`,
      words: "Give it to them alone. It is good once, for one day, and is not shown again.",
      secret: link,
      closed: () => this.list.focusFirst(),
    });
  }

  /** @param {Person} person */
  async unlock(person) {
    try {
      await post(`${address(person)}/unlock`);
      await this.load();
      this.status.say(`${person.name} can sign in at once.`);
      this.list.focusFirst();
    } catch (error) {
      this.status.say(inWords(error));
    }
  }

  /** @param {Person} person */
  revoke(person) {
    openEndDialog(
      `End the account of ${person.name}?`,
      "They are signed out, their API tokens end, and they cannot get in again. What they wrote stays.",
      "End account",
      async () => {
        await post(`${address(person)}/revoke`);
        await this.load();
        this.status.say(`The account of ${person.name} is ended.`);
        setTimeout(() => this.list.focusFirst());
      },
    );
  }

  /** @param {Proof} session */
  endSession(session) {
    openEndDialog(
      `Sign ${session.who} out?`,
      `${session.title}, ${session.facts}. What they typed stays on their page.`,
      "Sign out",
      async () => {
        await remove(`sessions/${encodeURIComponent(session.id)}`);
        await this.load();
        this.status.say(`${session.who} is signed out there.`);
        setTimeout(() => this.sessionList.focusFirst());
      },
    );
  }

  makeToken() {
    const programs = this.people.filter((one) => one.role === "program" && !one.revoked_at);
    makeToken(this, programs, Object.keys(SCOPES));
  }
}

/** @param {Person} person */
const address = (person) => `users/${encodeURIComponent(person.id)}`;

new AccessPage().start();
