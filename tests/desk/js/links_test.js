// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { shownAddress, splitLinks } from "../../../desk/static/shared/links.js";

/** @param {string} text */
const addresses = (text) => splitLinks(text).map((piece) => piece.href).filter((href) => href);

Deno.test("a link is cut out and the text stays whole", () => {
  const text = "See https://shop.example/a?b=c#d and http://other.example.";
  deepStrictEqual(addresses(text), ["https://shop.example/a?b=c#d", "http://other.example/"]);
  strictEqual(splitLinks(text).map((piece) => piece.text).join(""), text);
});

Deno.test("punctuation and brackets of the sentence stay outside", () => {
  deepStrictEqual(addresses("(see https://a.example/x)."), ["https://a.example/x"]);
  deepStrictEqual(addresses("https://a.example/wiki/Fjord_(Norway)!"), [
    "https://a.example/wiki/Fjord_(Norway)",
  ]);
  deepStrictEqual(addresses("Is it https://a.example/?!"), ["https://a.example/"]);
});

Deno.test("only the web is linked", () => {
  for (
    const text of [
      "javascript:alert(1)",
      "data:text/html,x",
      "ftp://a.example",
      "www.a.example",
      "https://",
      "no link",
    ]
  ) {
    deepStrictEqual(splitLinks(text), [{ text, href: null }]);
  }
});

Deno.test("an address that hides its host behind a user name is not linked", () => {
  deepStrictEqual(addresses("https://shop.example@evil.example/pay"), []);
});

Deno.test("markup is text", () => {
  deepStrictEqual(addresses('<a href="https://a.example/">x</a>'), ["https://a.example/"]);
  deepStrictEqual(splitLinks(""), []);
});

Deno.test("a long address is cut in the middle, and its host stays to be read", () => {
  const short = "https://shop.test/help/boots";
  strictEqual(shownAddress(short), short);
  const signed = `https://shop.test/documents/${"x".repeat(150)}abcdef`;
  strictEqual(shownAddress(signed), "https://shop.test/documents/xxxxxxxxxx…abcdef");
  const host = `https://${"shop.".repeat(20)}test`;
  strictEqual(shownAddress(`${host}/documents/abcdefghij`).startsWith(`${host}/`), true);
});
