// @ts-check
import { deepStrictEqual } from "node:assert/strict";
import {
  actionName,
  addressOf,
  detailWords,
  grouped,
  linksOf,
  queryOf,
  readFilters,
  subjectWords,
  whoWords,
} from "../../../desk/static/console/audit_words.js";

const ENTRY = {
  id: "1",
  action: "handoff.requested",
  subject: "h1",
  actor: /** @type {const} */ ("bot"),
  by: null,
  conversation_id: "c 1",
  details: { queue: "payments", turn: "t1", agent: "u1", tags: [], upset: true, until: null },
  created_at: "2026-01-01T12:00:00.000Z",
};
const NAMES = new Map([["u1", "Nora"]]);

Deno.test("a line says who, what and by what numbers, with names in place of ids", () => {
  deepStrictEqual(whoWords(ENTRY), "Warmline");
  deepStrictEqual(whoWords({ ...ENTRY, actor: "operator" }), "The command line");
  deepStrictEqual(whoWords({ ...ENTRY, by: { id: "u1", name: "Nora" } }), "Nora");
  deepStrictEqual(actionName(ENTRY.action), "Hand-off requested");
  deepStrictEqual(detailWords(ENTRY.details, NAMES), "queue: payments · agent: Nora · upset: yes");
  deepStrictEqual(subjectWords(ENTRY, NAMES), "");
  deepStrictEqual(subjectWords({ ...ENTRY, action: "user.revoked", subject: "u1" }, NAMES), "Nora");
  deepStrictEqual(subjectWords({ ...ENTRY, action: "model.promote", subject: "m" }, NAMES), "m");
});

Deno.test("its links lead to the conversation and the turn", () => {
  deepStrictEqual(linksOf(ENTRY).map(({ href }) => href), [
    "/desk#c/c%201",
    "/console/turns?turn=t1&c=c+1",
  ]);
  deepStrictEqual(linksOf({ ...ENTRY, conversation_id: null }), []);
});

Deno.test("filters live in the address, and a day that is none is left out", () => {
  const filters = readFilters("?by=bot&action=label&since=yesterday&until=2026-02-03");
  deepStrictEqual(addressOf(filters).toString(), "by=bot&action=label&until=2026-02-03");
  const query = queryOf(filters);
  deepStrictEqual(query.get("until"), new Date(2026, 1, 4).toISOString());
  deepStrictEqual(query.has("since"), false);
});

Deno.test("actions are grouped by what stands before their dot", () => {
  deepStrictEqual(grouped(["label.given", "label.taken_back", "note.added"]), [
    { kind: "label", actions: ["label.given", "label.taken_back"] },
    { kind: "note", actions: ["note.added"] },
  ]);
});
