// @ts-check
/** What an agent does with the open conversation: claim, decide, return, transfer, resolve. */

import { inWords } from "../staff/api.js";
import { decision } from "../staff/prepared.js";
import { openBlockDialog } from "./block_dialog.js";
import { openReturnDialog } from "./return_dialog.js";
import { openResolveDialog } from "./resolve_dialog.js";
import { openTakeOverDialog } from "./take_over_dialog.js";
import { openSnoozeDialog } from "./snooze_dialog.js";
import { openTransferDialog } from "./transfer_dialog.js";

/** @typedef {import("./conversation_thread.js").Verb} Verb */

const DONE = {
  return: "goes on with the bot",
  transfer: "was transferred",
  resolve: "is resolved",
  block: "is blocked",
};

export class Actions {
  /** @type {Set<string>} conversations that this page takes over: their line is no news here */
  #taking = new Set();
  #claiming = false;

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** @param {Verb} verb */
  async start(verb) {
    const { desk } = this;
    const { open, user, thread } = desk;
    if (!open?.detail) return;
    if (verb === "return") {
      openReturnDialog({ card: open.detail.handoff, submit: (body) => this.#finish(verb, body) });
    } else if (verb === "resolve") {
      this.resolve({ goOn: false });
    } else if (verb === "take-over") {
      openTakeOverDialog({
        agent: open.detail.agent?.name ?? "their agent",
        submit: async (body) => {
          this.#taking.add(open.id);
          await open.act(verb, body).catch((error) => {
            this.#taking.delete(open.id);
            throw error;
          });
          desk.inbox.load();
          desk.chooseView("mine");
        },
      });
    } else if (verb === "snooze") {
      openSnoozeDialog({ choose: ({ name, until }) => this.#snooze(name, until) });
    } else if (verb === "wake") {
      await open.endSnooze().catch((error) => open.tell(inWords(error)));
    } else if (verb === "transfer") {
      openTransferDialog({ userId: user.id, submit: (body) => this.#finish(verb, body) });
    } else {
      // By key too, a second time while the first is under way must not do it twice.
      if (this.#claiming) return;
      this.#claiming = true;
      thread.busy = true;
      await this.#claim();
      thread.busy = false;
      this.#claiming = false;
    }
  }

  /** @param {{goOn: boolean}} options whether the next one of the list is opened then */
  resolve({ goOn }) {
    const { desk } = this;
    const { open } = desk;
    if (!open?.detail) return;
    openResolveDialog({
      intent: open.detail.handoff?.wants?.intent ?? null,
      goOn,
      submit: async (body) => {
        const next = goOn ? desk.neighbour(1) ?? desk.neighbour(-1) : null;
        await this.#finish("resolve", body);
        if (next) desk.go(next);
      },
    });
  }

  block() {
    const detail = this.desk.open?.detail;
    if (!detail) return;
    openBlockDialog({
      name: detail.customer.name,
      channel: detail.channel,
      submit: (wanted) => this.#finish("block", wanted),
    });
  }

  async liftBlock() {
    const { open, status } = this.desk;
    if (!open) return;
    try {
      await open.liftBlock();
      status.say(`${open.detail?.customer.name ?? "The customer"} is answered again.`);
    } catch (error) {
      open.tell(inWords(error));
    }
  }

  /** @param {{verb: import("./conversation_thread.js").Decision, id: string}} decision */
  async decide({ verb, id }) {
    const { open, status } = this.desk;
    if (!open) return;
    try {
      const decided = await open.decide(verb, id);
      if (decided) status.say(`${decided.title}: ${decision(decided)}`);
    } catch (error) {
      open.tell(inWords(error));
    }
  }

  /**
   * Something was done for the customer; what they can be told is a draft to go on from.
   *
   * @param {{id: string, title: string, acted: import("./next_actions.js").Acted}} done
   */
  acted({ id, title, acted }) {
    const { open, status, thread } = this.desk;
    status.say(`${title}: ${acted.outcome}`);
    if (open?.id !== id) return;
    open.load();
    if (!acted.draft) return;
    const { draft } = acted;
    // After the dialog has given the focus back.
    setTimeout(() => {
      thread.composer.choose("reply");
      thread.composer.insert(draft);
    });
  }

  /** @param {string} priority */
  async prioritise(priority) {
    const { open } = this.desk;
    await open?.prioritise(priority).catch((error) => open.tell(inWords(error)));
  }

  /**
   * Somebody took over what this agent had: the line that says so comes before the new owner does.
   *
   * @param {{conversation_id: string, message: import("../staff/types.js").Message}} frame
   */
  told({ conversation_id, message }) {
    const { inbox, open, status, user } = this.desk;
    const known = inbox.conversations.get(conversation_id);
    if (message.event !== "taken_over" || this.#taking.delete(conversation_id)) return;
    if (known?.agent?.id !== user.id) return;
    const words = `${message.text} What you were writing to ${known.customer.name} is kept.`;
    status.say(words);
    if (open?.id === conversation_id) open.tell(words);
  }

  async calledBack() {
    const { open } = this.desk;
    await open?.act("called-back").catch((error) => open.tell(inWords(error)));
  }

  /**
   * @param {string} name
   * @param {string|null} until
   */
  async #snooze(name, until) {
    const { open, status } = this.desk;
    if (!open) return;
    try {
      await open.snooze(until);
      status.say(`${open.detail?.customer.name ?? "The conversation"} is snoozed: ${lower(name)}.`);
    } catch (error) {
      open.tell(inWords(error));
    }
  }

  async #claim() {
    const { desk } = this;
    const { open } = desk;
    if (!open) return;
    const won = await open.claim();
    desk.inbox.load();
    if (open !== desk.open) return;
    if (!won) return;
    desk.chooseView("mine");
    // Whoever writes already is not disturbed.
    if (!desk.thread.composer.contains(document.activeElement)) desk.focusThread();
  }

  /**
   * @param {keyof typeof DONE} verb
   * @param {Record<string, unknown>} [body]
   */
  async #finish(verb, body) {
    const { desk } = this;
    const { open } = desk;
    if (!open) return;
    await open.act(verb, body);
    desk.status.say(`${open.detail?.customer.name ?? "The conversation"} ${DONE[verb]}.`);
    desk.inbox.load();
    if (open === desk.open) desk.thread.takeFocus({ write: false });
  }
}

/** @param {string} words */
const lower = (words) => words.charAt(0).toLowerCase() + words.slice(1);
