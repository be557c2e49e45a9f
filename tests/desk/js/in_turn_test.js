// @ts-check
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { inTurn } from "../../../desk/static/widget/in_turn.js";

Deno.test("the second is sent when the first has arrived, however long that takes", async () => {
  /** @type {string[]} */
  const log = [];
  /** @type {PromiseWithResolvers<void>} */
  const first = Promise.withResolvers();
  const send = inTurn(async (/** @type {number} */ rating) => {
    log.push(`sent ${rating}`);
    if (rating === 3) await first.promise;
    log.push(`kept ${rating}`);
    return rating;
  });
  const both = Promise.all([send(3), send(4)]);
  first.resolve();
  deepStrictEqual(await both, [3, 4]);
  deepStrictEqual(log, ["sent 3", "kept 3", "sent 4", "kept 4"]);
});

Deno.test("one that fails says so and holds up nothing", async () => {
  const send = inTurn((/** @type {number} */ rating) =>
    rating === 3 ? Promise.reject(new Error("offline")) : Promise.resolve(rating)
  );
  const failed = send(3);
  const next = send(4);
  await rejects(failed, /offline/);
  strictEqual(await next, 4);
});
