// @ts-check
import { match, notStrictEqual, strictEqual } from "node:assert/strict";
import { GUEST, newId, ownerOf } from "../../../desk/static/widget/identity.js";

/** @param {object} claims */
const jwt = (claims) => `e30.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.sig`;

Deno.test("a customer keeps one corner of the storage, whenever the token was made", () => {
  strictEqual(ownerOf(jwt({ sub: "nora", iat: 1 })), ownerOf(jwt({ sub: "nora", iat: 2 })));
  notStrictEqual(ownerOf(jwt({ sub: "nora" })), ownerOf(jwt({ sub: "jonas" })));
});

Deno.test("no token is the guest, and no customer can be called guest", () => {
  strictEqual(ownerOf(null), GUEST);
  strictEqual(ownerOf(""), GUEST);
  notStrictEqual(ownerOf(jwt({ sub: "guest" })), GUEST);
});

Deno.test("a token that cannot be read still has its own corner", () => {
  notStrictEqual(ownerOf("opaque-1"), ownerOf("opaque-2"));
  match(ownerOf("a.%%%.c"), /^token-/);
});

Deno.test("ids are UUIDs, also where the browser has no randomUUID", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  match(newId(), uuid);
  const original = crypto.randomUUID;
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  match(newId(), uuid);
  Object.defineProperty(crypto, "randomUUID", { value: original, configurable: true });
});
