// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ApiError } from "../../../desk/static/widget/api.js";
import { poll } from "../../../desk/static/widget/polling.js";
import { Session } from "../../../desk/static/widget/session.js";
import { MemoryStorage, Store } from "../../../desk/static/widget/storage.js";
import { message } from "./samples.js";

/**
 * Polls a server that gives these answers in turn, until they are used up.
 * @param {(object | ApiError)[]} answers
 */
async function pollThrough(answers) {
  /** @type {string[]} */
  const asked = [];
  /** @type {string[]} */
  const told = [];
  const end = new AbortController();
  /** @param {string} path */
  const request = (path) => {
    if (path === "/sessions") return Promise.resolve({ token: "t1", customer: null });
    const answer = answers[asked.length];
    if (answer === undefined) {
      end.abort();
      return Promise.reject(new ApiError(0, "unreachable", ""));
    }
    asked.push(path.split("?")[1]);
    return answer instanceof ApiError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  let heard = 0;
  await poll({
    session: new Session(new Store("guest", new MemoryStorage()), null, request),
    after: () => heard,
    onFrame: (frame) => {
      told.push(frame.type);
      if (frame.type === "message") heard = frame.message.seq;
    },
    onState: (up) => told.push(up ? "up" : "down"),
    signal: end.signal,
  });
  return { asked, told };
}

Deno.test("the first question is answered at once, the next wait for what is new", async () => {
  const { asked, told } = await pollThrough([
    { conversation: null, messages: [message(1), message(4)], version: "a" },
    { conversation: null, messages: [], version: "a" },
  ]);
  deepStrictEqual(asked, ["after=0&wait=0", "after=4&wait=25&version=a"]);
  deepStrictEqual(told, ["up", "ready", "message", "message", "up", "conversation"]);
});

Deno.test("a failure is said and tried again from the same place", async () => {
  const { asked, told } = await pollThrough([
    new ApiError(503, "busy", "Busy."),
    { conversation: null, messages: [], version: "a" },
  ]);
  strictEqual(asked[0], asked[1]);
  deepStrictEqual(told, ["down", "up", "ready"]);
});
