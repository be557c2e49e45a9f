// @ts-check
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { ApiError } from "../../../desk/static/widget/api.js";
import { Session } from "../../../desk/static/widget/session.js";
import { MemoryStorage, Store } from "../../../desk/static/widget/storage.js";

/** A server that counts its sessions and refuses what a test wants refused. @param {(path: string, options: any) => ApiError | null} refuse */
function server(refuse = () => null) {
  /** @type {any[]} */
  const opened = [];
  /** @param {string} path @param {any} options */
  const request = (path, options) => {
    if (path === "/sessions") opened.push(options.body);
    const error = refuse(path, options);
    if (error !== null) return Promise.reject(error);
    return Promise.resolve(
      path === "/sessions"
        ? { token: `t${opened.length}`, expires_at: "", customer: { name: "Nora Berg" } }
        : { ok: options.token },
    );
  };
  return { request, opened };
}

const store = () => new Store("guest", new MemoryStorage());
const expired = new ApiError(401, "session_expired", "Expired.");

Deno.test("one session serves all callers and is remembered for the next page", async () => {
  const { request, opened } = server();
  const kept = store();
  const session = new Session(kept, "jwt", request);
  deepStrictEqual(await Promise.all([session.token(), session.token()]), ["t1", "t1"]);
  strictEqual(session.customerName, "Nora Berg");
  await new Session(kept, "jwt", request).token();
  deepStrictEqual(opened, [{ customer_token: "jwt" }, { token: "t1", customer_token: "jwt" }]);
});

Deno.test("an expired session is renewed and the request repeated once", async () => {
  const { request, opened } = server((path, { token }) =>
    path !== "/sessions" && token === "t1" ? expired : null
  );
  const session = new Session(store(), null, request);
  deepStrictEqual(await session.call("/conversation"), { ok: "t2" });
  strictEqual(opened.length, 2);
});

Deno.test("a refused site token leaves a guest, not a closed door", async () => {
  const { request, opened } = server((path, { body }) =>
    path === "/sessions" && body.customer_token ? expired : null
  );
  const session = new Session(store(), "forged", request);
  strictEqual(await session.token(), `t${opened.length}`);
});

Deno.test("a server that cannot be reached is asked again the next time", async () => {
  let down = true;
  const { request } = server(() => down ? new ApiError(0, "unreachable", "Away.") : null);
  const session = new Session(store(), null, request);
  await rejects(session.token());
  down = false;
  strictEqual(typeof await session.token(), "string");
});
