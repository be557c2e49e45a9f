// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LiveSocket } from "../../../desk/static/widget/socket.js";

/** @typedef {import("../../../desk/static/widget/model.js").Frame} Frame */
/** @typedef {import("../../../desk/static/widget/socket.js").Ending} Ending */

/**
 * A real server for one socket; `answer` is given each frame that arrives.
 * @param {(frame: any, socket: WebSocket) => void} answer
 * @param {(parts: {socket: LiveSocket, frames: Frame[], ended: Promise<Ending>, framed: (type: string) => Promise<void>}) => Promise<void>} story
 */
async function withServer(answer, story) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onmessage = (event) => answer(JSON.parse(event.data), socket);
    return response;
  });
  /** @type {Frame[]} */
  const frames = [];
  /** @type {Map<string, () => void>} */
  const awaited = new Map();
  /** @type {(ending: Ending) => void} */
  let end = () => {};
  /** @type {Promise<Ending>} */
  const ended = new Promise((done) => end = done);
  const socket = new LiveSocket({
    url: `ws://127.0.0.1:${server.addr.port}/`,
    token: "t1",
    after: () => 7,
    onFrame: (frame) => {
      frames.push(frame);
      awaited.get(frame.type)?.();
    },
    onEnd: end,
  });
  const framed = (/** @type {string} */ type) =>
    new Promise((/** @type {(nothing: void) => void} */ done) => {
      if (frames.some((frame) => frame.type === type)) done();
      awaited.set(type, done);
    });
  try {
    await story({ socket, frames, ended, framed });
  } finally {
    socket.close();
    await ended;
    await server.shutdown();
  }
}

Deno.test("it says who it is and from where to resume, and is ready when the server says so", async () => {
  /** @type {any[]} */
  const heard = [];
  await withServer((frame, socket) => {
    heard.push(frame);
    if (frame.type === "hello") socket.send(JSON.stringify({ type: "ready", conversation: null }));
    if (frame.type === "ping") socket.send(JSON.stringify({ type: "pong" }));
  }, async ({ socket, framed }) => {
    strictEqual(socket.ready, false);
    await framed("ready");
    strictEqual(socket.ready, true);
    socket.check();
    await framed("pong");
    deepStrictEqual(heard, [{ type: "hello", token: "t1", after: 7 }, { type: "ping" }]);
  });
});

Deno.test("what is no frame is passed over", async () => {
  await withServer((_, socket) => {
    for (const text of ["{", "null", "[]", '{"type": 3}']) socket.send(text);
    socket.send(JSON.stringify({ type: "ready", conversation: null }));
  }, async ({ frames, framed }) => {
    await framed("ready");
    strictEqual(frames.length, 1);
  });
});

Deno.test("a refused token ends it as expired, whichever way the server says it", async () => {
  await withServer((_, socket) => socket.close(4401), async ({ ended }) => {
    strictEqual((await ended).expired, true);
  });
  await withServer((_, socket) => {
    socket.send(JSON.stringify({ type: "error", error: { code: "session_expired", message: "" } }));
    socket.close(1000);
  }, async ({ ended }) => {
    strictEqual((await ended).expired, true);
  });
});

Deno.test("a socket that never became ready did not live", async () => {
  await withServer((_, socket) => socket.close(1011), async ({ ended, socket }) => {
    const { expired, steady } = await ended;
    deepStrictEqual({ expired, steady, ready: socket.ready }, {
      expired: false,
      steady: false,
      ready: false,
    });
  });
});
