// @ts-check
import assert from "node:assert/strict";
import { Attaching, LARGEST, MOST } from "../../../desk/static/desk/attaching.js";
import { Drafts } from "../../../desk/static/desk/drafts.js";
import { ApiError } from "../../../desk/static/staff/api.js";

function drafts() {
  /** @type {Map<string, string>} */
  const items = new Map();
  return new Drafts({
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }, "nora");
}

/** Uploads that end when the test says so. */
class Server {
  /** @type {{path: string, done: (answer: unknown) => void, fail: (error: Error) => void, signal: AbortSignal}[]} */
  asked = [];

  /** @type {typeof import("../../../desk/static/staff/upload.js").upload} */
  upload = (path, _file, { progress, signal }) => {
    progress(0.5);
    return new Promise((done, fail) => this.asked.push({ path, done, fail, signal }));
  };
}

const file = (name = "a b.png", size = 3) => new File([new Uint8Array(size)], name);
const THERE = { id: "f1", name: "a b.png", content_type: "image/png", size: 3 };

/** Everything that is due has happened. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("a file is uploaded at once, holds the reply back, and is there after a reload", async () => {
  const [server, shelf] = [new Server(), drafts()];
  const attaching = new Attaching(shelf, server.upload);
  attaching.add("c1", [file()]);
  assert.equal(server.asked[0].path, "conversations/c1/files?name=a%20b.png");
  assert.equal(attaching.adding("c1")[0].share, 0.5);
  assert.equal(attaching.isReady("c1"), false);
  assert.equal(attaching.isReady("c2"), true);
  server.asked[0].done(THERE);
  await settled();
  assert.equal(attaching.isReady("c1"), true);
  assert.deepEqual(new Attaching(shelf, server.upload).take("c1"), [THERE]);
  assert.deepEqual(attaching.added("c1"), []);
});

Deno.test("what is wrong with a file is said beside it until it is taken out", async () => {
  const server = new Server();
  const attaching = new Attaching(drafts(), server.upload);
  attaching.add("c1", [file("big.png", LARGEST + 1), file("page.html")]);
  assert.match(attaching.adding("c1")[0].problem ?? "", /at most 5 MB/);
  server.asked[0].fail(new ApiError(422, "invalid", "“page.html” cannot be sent."));
  await settled();
  assert.equal(attaching.adding("c1")[1].problem, "“page.html” cannot be sent.");
  for (const { key } of attaching.adding("c1")) attaching.remove("c1", key);
  assert.equal(attaching.isReady("c1"), true);
});

Deno.test("what is taken out while it is uploaded is stopped and does not come back", async () => {
  const server = new Server();
  const attaching = new Attaching(drafts(), server.upload);
  attaching.add("c1", [file()]);
  attaching.remove("c1", attaching.adding("c1")[0].key);
  assert.equal(server.asked[0].signal.aborted, true);
  server.asked[0].done(THERE);
  await settled();
  assert.deepEqual(attaching.added("c1"), []);
});

Deno.test("no more files than can be sent at once", () => {
  const server = new Server();
  const attaching = new Attaching(drafts(), server.upload);
  attaching.add("c1", Array.from({ length: MOST + 1 }, () => file()));
  assert.equal(server.asked.length, MOST);
  assert.match(attaching.adding("c1")[MOST].problem ?? "", /At most 5/);
});
