// @ts-check
import assert from "node:assert/strict";
import {
  addressOf,
  isFiltered,
  matches,
  queryOf,
  readFilters,
} from "../../../desk/static/console/filters.js";

Deno.test("filters survive the way into the address and back; nothing chosen leaves it plain", () => {
  const filters = readFilters("?q=late+parcel&intent=track_order&from=30&since=2025-03-01");
  assert.equal(filters.q, "late parcel");
  assert.deepEqual(readFilters(`?${addressOf(filters)}`), filters);
  assert.equal(addressOf(readFilters("")).toString(), "");
  assert.equal(isFiltered(readFilters("?c=1&turn=2")), false);
});

Deno.test("what cannot be a percentage or a day is left out", () => {
  const filters = readFilters("?from=abc&to=140&since=yesterday&until=");
  assert.equal(isFiltered(filters), false);
});

Deno.test("the query speaks the API's language: shares, and the reader's whole days as times", () => {
  const query = queryOf(readFilters("?from=30&to=85&since=2025-03-01&until=2025-03-02"));
  assert.equal(query.get("min_confidence"), "0.3");
  assert.equal(query.get("max_confidence"), "0.85");
  assert.equal(query.get("since"), new Date(2025, 2, 1).toISOString());
  assert.equal(query.get("until"), new Date(2025, 2, 3).toISOString());
  assert.equal(query.has("intent"), false);
  assert.equal(queryOf(readFilters("?labelled=no")).get("labelled"), "false");
  assert.equal(queryOf(readFilters("?labelled=perhaps")).has("labelled"), false);
});

Deno.test("a live turn is announced only when it belongs to what is shown", () => {
  const turn = {
    id: "t",
    conversation_id: "c",
    message_id: "m",
    text: "Where is my PARCEL",
    intent: "track_order",
    confidence: 0.9,
    ranking: [],
    entities: [],
    outcome: "answered",
    reason: null,
    actions: [],
    channel: "web",
    model: null,
    created_at: new Date(2025, 2, 2, 12).toISOString(),
    duration_ms: 8,
  };
  assert.equal(matches(readFilters(""), turn), true);
  assert.equal(
    matches(readFilters("?q=parcel&outcome=answered&from=90&until=2025-03-02"), turn),
    true,
  );
  assert.equal(matches(readFilters("?intent=greet"), turn), false);
  assert.equal(matches(readFilters("?to=80"), turn), false);
  assert.equal(matches(readFilters("?until=2025-03-01"), turn), false);
  assert.equal(matches(readFilters("?reason=misunderstood"), turn), false);
  assert.equal(matches(readFilters("?labelled=yes"), turn), false);
  assert.equal(matches(readFilters("?labelled=no"), turn), true);
});
