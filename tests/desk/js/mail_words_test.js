// @ts-check
import { match, strictEqual } from "node:assert/strict";
import { inWords, newsOf } from "../../../desk/static/shop/mail_words.js";

Deno.test("a mailbox says how many mails there are, and what is new", () => {
  match(newsOf(0, -1), /^No mail yet/);
  strictEqual(newsOf(3, -1), "3 mails");
  strictEqual(newsOf(3, 3), "3 mails");
  strictEqual(newsOf(1, 0), "1 mail, 1 new");
  strictEqual(newsOf(5, 3), "5 mails, 2 new");
});

Deno.test("a mailbox says why it shows nothing new", () => {
  match(inWords(401), /signed out/);
  match(inWords(503), /cannot be read/);
  match(inWords(0), /cannot be read/);
});
