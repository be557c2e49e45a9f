// @ts-check
/** The widget's page: wires the elements to one chat at a time, and to the page that embeds it. */
import { Bridge } from "./bridge.js";
import { Chat } from "./chat.js";
import { ChatComposer } from "./chat_composer.js";
import { ChatHeader, PERSON_PAYLOAD, PERSON_TEXT } from "./chat_header.js";
import { ChatLog } from "./chat_log.js";
import { CodeCard } from "./code_card.js";
import { ownerOf } from "./identity.js";
import { part } from "./part.js";
import { PrivacyNotice } from "./privacy_notice.js";
import { ProofForm } from "./proof_form.js";
import { SurveyPanel } from "./survey_panel.js";
import { WaysDialog } from "./ways_dialog.js";

customElements.define("chat-header", ChatHeader);
customElements.define("chat-log", ChatLog);
customElements.define("chat-composer", ChatComposer);
customElements.define("code-card", CodeCard);
customElements.define("privacy-notice", PrivacyNotice);
customElements.define("proof-form", ProofForm);
customElements.define("survey-panel", SurveyPanel);
customElements.define("ways-dialog", WaysDialog);

const bridge = new Bridge();
const header = part(document, "header", ChatHeader);
const log = part(document, "log", ChatLog);
const composer = part(document, "composer", ChatComposer);
const survey = part(document, "survey", SurveyPanel);
const ways = part(document, "ways", WaysDialog);
const banner = part(document, "banner");
/** Not there where nothing is to be said. @type {PrivacyNotice | null} */
const privacy = document.querySelector("privacy-notice");
/** @type {Chat | null} */
let chat = null;
let open = !bridge.embedded;
/** @type {Map<string, string>} what the host page knows already */
const told = new Map();

/** @param {string | null} customerToken */
function begin(customerToken) {
  chat?.stop();
  log.reset();
  ways.close();
  chat = new Chat({ owner: ownerOf(customerToken), customerToken, onChange: render });
  composer.text = chat.draft;
  chat.start();
  render();
}

function render() {
  if (chat === null) return;
  header.render(chat);
  log.render(chat);
  survey.render(chat.conversation?.survey ?? null);
  privacy?.render({ agreedTo: chat.agreedTo, isEmpty: chat.entries.length === 0 });
  document.body.dataset.consent = privacy?.isNeeded ? "needed" : "";
  renderBanner(chat);
  read();
  const { unread } = chat;
  tellOnce({ type: "unread", count: open ? 0 : unread });
  if (chat.conversation !== null) tellOnce({ type: "active" });
}

/** What is on an open, visible page with its end in sight counts as read. */
function read() {
  if (open && document.visibilityState === "visible" && log.atEnd && chat?.loaded) chat.markSeen();
}

/** @param {Chat} current */
function renderBanner(current) {
  const words = current.connection === "offline"
    ? "You are offline. What you write is kept and sent when you are back."
    : current.connection === "reconnecting"
    ? "The connection was lost. Trying again; what you write is kept."
    : "";
  banner.hidden = words === "";
  part(banner, "banner-text").textContent = words;
}

/** @param {import("./bridge.js").ToHost} message */
function tellOnce(message) {
  const text = JSON.stringify(message);
  if (told.get(message.type) === text) return;
  told.set(message.type, text);
  bridge.tell(message);
}

/** Puts the focus where one writes, except on touch screens, where that would raise the keyboard over the messages. */
function focusInside() {
  if (matchMedia("(pointer: coarse)").matches) part(header, "title").focus();
  else if (privacy?.isNeeded) privacy.focus();
  else composer.focus();
}

const close = () => bridge.tell({ type: "close" });

header.closable = bridge.embedded;
header.connect({
  close,
  askForPerson() {
    chat?.send(PERSON_TEXT, PERSON_PAYLOAD);
    focusInside();
  },
  refocus: focusInside,
  openWays: () => chat && ways.open(chat.ways),
});
log.connect({
  say(text, payload) {
    chat?.send(text, payload ?? null);
    focusInside();
  },
  retry: (id) => chat?.retry(id),
  discard: (id) => chat?.discard(id),
  seen: read,
  refocus: focusInside,
});
composer.connect({
  send(text) {
    log.note = "";
    chat?.send(text);
  },
  typed: () => chat?.typed(),
  draft: (text) => {
    if (chat !== null) chat.draft = text;
  },
});
privacy?.connect({
  agree: (version) => chat?.consent(version) ?? Promise.resolve(),
  withdraw: () => chat?.consent(null) ?? Promise.resolve(),
  done() {
    render();
    focusInside();
  },
});
survey.connect({
  answer: (id, answer) => chat?.rate(id, answer) ?? Promise.resolve(),
  done(thanked) {
    if (thanked) log.note = "Thank you for telling us.";
    focusInside();
  },
});
ways.connect({
  channels: (document.body.dataset.channels ?? "").split(" ").filter(Boolean),
  joined() {
    log.note = "Thank you. What you wrote before belongs to this chat now.";
  },
});
part(banner, "reconnect").addEventListener("click", () => chat?.reconnect());
document.addEventListener("visibilitychange", render);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !ways.isOpen) close();
});

if (bridge.embedded) {
  bridge.listen((message) => {
    if (message.type === "init" || message.type === "identify") begin(message.customerToken);
    if (message.type === "open" || (message.type === "init" && message.open)) {
      open = true;
      render();
      log.toEnd();
      focusInside();
    }
    if (message.type === "closed") open = false;
  });
} else {
  begin(null);
}
