// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { arrange, liveButtons } from "../../../desk/static/widget/groups.js";
import { entry } from "./samples.js";

/** @param {import("../../../desk/static/widget/model.js").Entry[]} entries */
const shape = (entries) =>
  arrange(entries).map((block) =>
    block.kind === "group" ? `${block.name}:${block.entries.length}` : block.kind
  );

Deno.test("a run of one author is one group, under the name people know", () => {
  deepStrictEqual(
    shape([
      entry("a"),
      entry("b"),
      entry("c", { author: "customer" }),
      entry("d", { author: "agent", name: "Nora" }),
      entry("e", { author: "agent", name: "Jonas" }),
      entry("f", { author: "agent" }),
    ]),
    ["day", "Warmline assistant:2", "You:1", "Nora:1", "Jonas:1", "Support:1"],
  );
});

Deno.test("events, long silences and midnight part a run", () => {
  deepStrictEqual(
    shape([
      entry("a"),
      entry("b", { author: "system" }),
      entry("c"),
      entry("d", { at: "2026-03-02T10:06:00Z" }),
      entry("e", { at: "2026-03-04T10:06:00Z" }),
    ]),
    [
      "day",
      "Warmline assistant:1",
      "event",
      "Warmline assistant:1",
      "Warmline assistant:1",
      "day",
      "Warmline assistant:1",
    ],
  );
});

Deno.test("only the very last message's buttons can be pressed", () => {
  const buttons = [{ title: "Yes", payload: "/affirm" }];
  strictEqual(liveButtons([entry("a", { buttons })]).length, 1);
  strictEqual(liveButtons([entry("a", { buttons }), entry("b", { author: "customer" })]).length, 0);
  strictEqual(liveButtons([entry("a", { buttons }), entry("b", { author: "agent" })]).length, 0);
  strictEqual(liveButtons([]).length, 0);
});
