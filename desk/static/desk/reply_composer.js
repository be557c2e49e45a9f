// @ts-check
/** `<reply-composer>`: one field with two tabs, Reply and private Note; every keystroke is kept as a draft. */

import { make } from "../staff/element.js";
import { AskingLine } from "./asking_line.js";
import { Attaching } from "./attaching.js";
import { openVariable } from "./canned.js";
import { FileTray } from "./file_tray.js";
import { inserted } from "./knowledge.js";

/** @typedef {import("./drafts.js").Tab} Tab */

const TYPING_EVERY_MS = 3_000;
const LONGEST_TEXT = 4_000;

/** @type {Record<Tab, {label: string, send: string, placeholder: string}>} */
const TABS = {
  reply: { label: "Reply", send: "Send reply", placeholder: "Write to the customer…" },
  note: {
    label: "Private note",
    send: "Add note",
    placeholder: "Write a note for colleagues. The customer never sees it…",
  },
};

/** Fires `send` (detail = {tab, text, suggestion, files}), `wrote` (detail = whether anything is left of it), `typing`, `knowledge` or `canned` for what can be inserted, and `mention` for a colleague's name. */
export class ReplyComposer extends HTMLElement {
  /** @type {Tab} */
  tab = "reply";
  #conversationId = "";
  /** @type {string|null} */
  #barrier = null;
  /** @type {ReadonlyMap<string, string>} */
  #known = new Map();
  /** @type {import("./drafts.js").Drafts|null} */
  #drafts = null;
  #typingSent = 0;
  #field = make("textarea", {
    rows: "2",
    id: "composer-field",
    "aria-describedby": "composer-hint",
  });
  #hint = make("span", { class: "composer-hint", id: "composer-hint" });
  #send = make("button", { type: "submit", class: "button primary" });
  /**
   * Where the caret was when the field was left.
   *
   * @type {{start: number, end: number}|null}
   */
  #left = null;
  /**
   * The suggested reply that the draft was made of, until the draft is empty.
   *
   * @type {string|null}
   */
  #suggestion = null;
  #knowledge = make("button", {
    type: "button",
    class: "link composer-source",
    "aria-keyshortcuts": "Alt+A",
    onclick: () => this.dispatchEvent(new Event("knowledge")),
  }, "Knowledge");
  #asking = new AskingLine();
  #canned = make("button", {
    type: "button",
    class: "link composer-source",
    "aria-keyshortcuts": "/",
    title: "Or / at the start of a reply",
    onclick: () => this.dispatchEvent(new Event("canned")),
  }, "Canned");
  /** @type {Attaching|null} */
  #attaching = null;
  #tray = new FileTray();
  #chooser = make("input", {
    type: "file",
    multiple: true,
    hidden: true,
    accept: "image/png,image/jpeg,image/gif,image/webp,application/pdf,.txt,.csv",
  });
  #attach = make("button", {
    type: "button",
    class: "link composer-source",
    title: "Or paste or drop it here",
    onclick: () => this.#chooser.click(),
  }, "Attach");
  #barrierLine = make("p", { class: "composer-barrier", hidden: true });
  #editor = make("form", { class: "composer-editor" });
  #panel = make("div", { id: "composer-panel", role: "tabpanel" }, this.#editor);
  /** @type {Record<Tab, HTMLButtonElement>} */
  #tabs = { reply: this.#makeTab("reply"), note: this.#makeTab("note") };

  connectedCallback() {
    const tabs = make(
      "div",
      { role: "tablist", "aria-label": "What to write", class: "composer-tabs" },
      this.#tabs.reply,
      this.#tabs.note,
    );
    tabs.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      this.choose(this.tab === "reply" ? "note" : "reply");
      this.#tabs[this.tab].focus();
    });
    this.#editor.append(
      this.#barrierLine,
      this.#asking.node,
      this.#field,
      this.#tray.node,
      make(
        "div",
        { class: "composer-foot" },
        this.#canned,
        this.#knowledge,
        this.#attach,
        this.#chooser,
        this.#hint,
        this.#send,
      ),
    );
    this.append(tabs, this.#panel);
    this.#chooser.addEventListener("change", () => {
      this.#add(this.#chooser.files);
      this.#chooser.value = ""; // so that the same file can be chosen again
    });
    this.#field.addEventListener("paste", (event) => {
      // A copied table is text with its picture beside it: the text is meant.
      const { files, types } = event.clipboardData ?? {};
      if (!files?.length || types?.includes("text/plain")) return;
      if (this.#add(files)) event.preventDefault();
    });
    this.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
    this.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.#add(event.dataTransfer.files);
    });
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#asking.close()) event.preventDefault();
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("beforeinput", (event) => {
      if (event.data === "@" && this.tab === "note" && this.#atWordStart && !event.isComposing) {
        event.preventDefault();
        this.dispatchEvent(new Event("mention"));
        return;
      }
      const atStart = this.#field.selectionEnd === 0;
      if (event.data !== "/" || !atStart || this.tab !== "reply" || event.isComposing) return;
      event.preventDefault();
      this.dispatchEvent(new Event("canned"));
    });
    // A dialog that closes gives the field its focus back, and Chromium not its caret.
    this.#field.addEventListener("blur", () => {
      this.#left = { start: this.#field.selectionStart, end: this.#field.selectionEnd };
    });
    this.#field.addEventListener("focus", () => {
      if (this.#left) this.#field.setSelectionRange(this.#left.start, this.#left.end);
    });
    this.#editor.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /**
   * @param {string} conversationId
   * @param {object} options
   * @param {string|null} options.barrier why no reply
   * @param {import("./drafts.js").Drafts} options.drafts
   * @param {ReadonlyMap<string, string>} options.known what need not be asked
   */
  show(conversationId, { barrier, drafts, known }) {
    this.#known = known;
    const another = conversationId !== this.#conversationId;
    if (!another && barrier === this.#barrier) return;
    this.#drafts = drafts;
    if (!this.#attaching) {
      this.#attaching = new Attaching(drafts);
      this.#attaching.addEventListener("change", () => this.#fit());
    }
    this.#barrier = barrier;
    this.#conversationId = conversationId;
    if (another) this.tab = "reply";
    this.#showTab(another);
  }

  /** @param {Tab} tab */
  choose(tab) {
    const changed = tab !== this.tab;
    this.tab = tab;
    this.#showTab(changed);
  }

  /** @param {Tab} [tab] */
  focusField(tab) {
    if (tab) this.choose(tab);
    if (this.#field.hidden) this.#tabs[this.tab].focus();
    else this.#field.focus();
  }

  /**
   * Puts the text where the caret is, for the agent to go on from.
   *
   * @param {string} text
   * @param {string|null} [suggestion] the id of the suggested reply that it is
   */
  insert(text, suggestion = null) {
    if (suggestion) this.#suggestion = suggestion;
    const { value } = this.#field;
    const { start, end } = this.#left ?? { start: value.length, end: value.length };
    const draft = inserted({ value, start, end }, text);
    this.#field.value = draft.value;
    this.#field.hidden = false;
    this.#typed();
    this.#field.focus();
    this.#field.setSelectionRange(draft.caret, draft.caret);
    this.#selectOpen();
  }

  /**
   * Writes the text where the caret is, as if it had been typed.
   *
   * @param {string} text
   */
  type(text) {
    const { start, end } = this.#left ?? { start: 0, end: 0 };
    this.#field.focus();
    this.#field.setRangeText(text, start, end, "end");
    this.#typed();
  }

  /** An @ within a word is an address's. */
  get #atWordStart() {
    const { value, selectionStart } = this.#field;
    return selectionStart === 0 || /\s/.test(value.charAt(selectionStart - 1));
  }

  /** What a canned reply left open is selected, to be typed over; whether there is any. */
  #selectOpen() {
    const open = openVariable(this.#field.value);
    if (open) this.#field.setSelectionRange(open.start, open.end);
    return open !== null;
  }

  /**
   * @param {FileList|null} files
   * @returns {boolean} whether they can go with what is written here
   */
  #add(files) {
    if (!files || this.tab !== "reply" || this.#barrier) return false;
    this.#attaching?.add(this.#conversationId, files);
    return true;
  }

  #showFiles() {
    const attaching = this.#attaching;
    const shown = !attaching || this.tab !== "reply" ? [] : [
      ...attaching.added(this.#conversationId).map((one) => ({ ...one, key: one.id })),
      ...attaching.adding(this.#conversationId),
    ];
    this.#tray.show(
      shown,
      (key) => {
        attaching?.remove(this.#conversationId, key);
        this.focusField();
      },
    );
    this.#attach.hidden = this.tab !== "reply" || this.#barrier !== null;
  }

  /** @param {boolean} readDraft */
  #showTab(readDraft) {
    for (const [name, button] of Object.entries(this.#tabs)) {
      button.setAttribute("aria-selected", String(name === this.tab));
      button.tabIndex = name === this.tab ? 0 : -1;
    }
    const { label, send, placeholder } = TABS[this.tab];
    const blocked = this.tab === "reply" && this.#barrier !== null;
    this.dataset.tab = this.tab;
    this.#panel.setAttribute("aria-labelledby", `composer-${this.tab}`);
    this.#field.setAttribute("aria-label", label);
    this.#field.placeholder = placeholder;
    this.#send.textContent = send;
    this.#barrierLine.textContent = blocked ? this.#barrier : "";
    this.#barrierLine.hidden = !blocked;
    if (readDraft) {
      this.#field.value = this.#drafts?.read(this.#conversationId, this.tab) ?? "";
      this.#suggestion = null;
      this.#left = null;
    }
    // A draft written before somebody else took over stays readable, it only cannot be sent.
    this.#field.hidden = blocked && this.#field.value === "";
    this.#send.hidden = blocked;
    this.#fit();
  }

  get isEmpty() {
    return this.#field.value === "";
  }

  #typed() {
    if (this.#field.value === "") this.#suggestion = null;
    this.#drafts?.write(this.#conversationId, this.tab, this.#field.value);
    this.#fit();
    this.dispatchEvent(new CustomEvent("wrote", { detail: !this.isEmpty }));
    const now = Date.now();
    if (this.tab !== "reply" || this.#barrier || now - this.#typingSent < TYPING_EVERY_MS) return;
    this.#typingSent = now;
    this.dispatchEvent(new Event("typing"));
  }

  #submit() {
    const text = this.#field.value.trim();
    const tab = this.tab;
    if (text.length > LONGEST_TEXT || (tab === "reply" && this.#barrier)) return;
    const attaching = tab === "reply" ? this.#attaching : null;
    if (attaching && !attaching.isReady(this.#conversationId)) return;
    if (text === "" && !attaching?.added(this.#conversationId).length) return;
    if (tab === "reply" && this.#selectOpen()) {
      this.#field.focus();
      return;
    }
    const suggestion = this.#suggestion;
    this.#suggestion = null;
    this.#field.value = "";
    this.#drafts?.write(this.#conversationId, tab, "");
    this.#typingSent = 0;
    this.#fit();
    this.dispatchEvent(new CustomEvent("wrote", { detail: false }));
    const files = attaching?.take(this.#conversationId) ?? [];
    this.dispatchEvent(new CustomEvent("send", { detail: { tab, text, suggestion, files } }));
  }

  #fit() {
    this.#showFiles();
    const { length } = this.#field.value;
    this.#asking.show(this.tab === "reply" && !this.#barrier ? this.#field.value : "", this.#known);
    const over = length - LONGEST_TEXT;
    const open = this.tab === "reply" ? openVariable(this.#field.value) : null;
    const waits = this.tab === "reply" && this.#attaching?.isReady(this.#conversationId) === false;
    this.#hint.textContent = over > 0
      ? `${over} characters too long`
      : open
      ? `${open.words} is still to be filled in`
      : waits
      ? this.#attaching?.adding(this.#conversationId).some(({ problem }) => problem)
        ? "Take out what cannot be sent"
        : "A file is not there yet"
      : "Ctrl or ⌘ + Enter sends";
    this.#hint.classList.toggle("bad", over > 0 || open !== null);
    this.#send.disabled = over > 0 || waits;
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
  }

  /** @param {Tab} name */
  #makeTab(name) {
    return make("button", {
      type: "button",
      role: "tab",
      id: `composer-${name}`,
      class: `composer-tab for-${name}`,
      "aria-controls": "composer-panel",
      onclick: () => {
        this.choose(name);
        this.focusField();
      },
    }, TABS[name].label);
  }
}

customElements.define("reply-composer", ReplyComposer);
