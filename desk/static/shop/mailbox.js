// @ts-check
/** The demo's mailbox: looks for new mails every few seconds, as long as somebody may see them. */

import "./mail_list.js";
import { find } from "../staff/element.js";
import { MailList } from "./mail_list.js";
import { inWords, newsOf } from "./mail_words.js";

/** @typedef {import("./mail_list.js").Mail} Mail */

const EVERY_MS = 4_000;
const list = find(document, "mail-list", MailList);
const status = find(document, '[data-part="status"]', HTMLElement);
let known = -1;

async function look() {
  if (document.hidden) return;
  const headers = { Authorization: `Bearer ${document.body.dataset.token}` };
  try {
    const answer = await fetch("/demo/mails", { headers, cache: "no-store" });
    if (!answer.ok) return say(inWords(answer.status));
    /** @type {{items: Mail[]}} */
    const { items } = await answer.json();
    list.show(items);
    say(newsOf(items.length, known));
    known = items.length;
  } catch {
    say(inWords(0));
  }
}

/** Said once, however often it is found: a screen reader reads every change. @param {string} words */
function say(words) {
  if (status.textContent !== words) status.textContent = words;
}

document.addEventListener("visibilitychange", look);
setInterval(look, EVERY_MS);
look();
