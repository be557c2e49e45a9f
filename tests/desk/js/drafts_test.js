// @ts-check
import assert from "node:assert/strict";
import { Drafts } from "../../../desk/static/desk/drafts.js";
import { Unread } from "../../../desk/static/desk/unread.js";

/** A Storage that lives as long as the test. */
class MemoryShelf {
  /** @type {Map<string, string>} */
  items = new Map();

  /** @param {string} key */
  getItem(key) {
    return this.items.get(key) ?? null;
  }

  /**
   * @param {string} key
   * @param {string} value
   */
  setItem(key, value) {
    this.items.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.items.delete(key);
  }
}

/** A browser that refuses to store anything. */
const forbidden = {
  /** @returns {string|null} */
  getItem() {
    throw new Error("denied");
  },
  setItem() {
    throw new Error("denied");
  },
  removeItem() {
    throw new Error("denied");
  },
};

Deno.test("a draft is kept per agent, conversation and tab, and leaves nothing when emptied", () => {
  const shelf = new MemoryShelf();
  const drafts = new Drafts(shelf, "nora");
  drafts.write("c1", "reply", "Hello");
  drafts.write("c1", "note", "careful");
  const reloaded = new Drafts(shelf, "nora");
  assert.equal(reloaded.read("c1", "reply"), "Hello");
  assert.equal(reloaded.read("c1", "note"), "careful");
  assert.equal(reloaded.read("c2", "reply"), "");
  assert.equal(new Drafts(shelf, "jonas").read("c1", "reply"), "");
  drafts.write("c1", "reply", "");
  drafts.write("c1", "note", "");
  assert.equal(shelf.items.size, 0);
});

Deno.test("messages not confirmed survive a reload, broken storage does not stop the desk", () => {
  const shelf = new MemoryShelf();
  const drafts = new Drafts(shelf, "nora");
  const item = {
    id: "uuid",
    tab: /** @type {const} */ ("reply"),
    text: "Hi",
    created_at: "",
    problem: null,
  };
  drafts.keepUnsent("c1", [item]);
  assert.deepEqual(drafts.unsent("c1"), [item]);
  shelf.setItem("warmline.desk.nora.unsent.c1", "{broken");
  assert.deepEqual(drafts.unsent("c1"), []);
  const denied = new Drafts(forbidden, "nora");
  denied.write("c1", "reply", "x");
  assert.equal(denied.read("c1", "reply"), "");
});

Deno.test("unread counts the customer's new messages once, and looking clears it", () => {
  const shelf = new MemoryShelf();
  const unread = new Unread(shelf, "nora");
  unread.looked("c1", 4);
  unread.arrived("c1", { seq: 4, author: "customer" });
  unread.arrived("c1", { seq: 5, author: "customer" });
  unread.arrived("c1", { seq: 5, author: "customer" });
  unread.arrived("c1", { seq: 6, author: "bot" });
  unread.arrived("c1", { seq: 7, author: "customer" });
  assert.equal(new Unread(shelf, "nora").count("c1"), 2);
  unread.looked("c1", 7);
  assert.equal(unread.count("c1"), 0);
  assert.equal(new Unread(forbidden, "nora").count("c1"), 0);
});
