// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { MemoryStorage, Store } from "../../../desk/static/widget/storage.js";

Deno.test("two customers at one browser do not see each other's things", () => {
  const backing = new MemoryStorage();
  const nora = new Store("sub-nora", backing);
  const jonas = new Store("sub-nora:draft", backing);
  nora.set("draft", "hello");
  strictEqual(jonas.get("draft"), null);
  deepStrictEqual(jonas.names(""), []);
  deepStrictEqual(nora.names("dr"), ["draft"]);
});

Deno.test("a damaged value counts as absent, and null removes", () => {
  const backing = new MemoryStorage();
  const store = new Store("guest", backing);
  backing.setItem("warmline:1:guest:draft", "{");
  strictEqual(store.get("draft"), null);
  store.set("draft", "x");
  store.set("draft", null);
  strictEqual(backing.length, 0);
});

Deno.test("a full storage does not stop the chat", () => {
  const full = new MemoryStorage();
  full.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  new Store("guest", full).set("draft", "x");
});
