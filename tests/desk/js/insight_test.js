// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  addressOf,
  changeOf,
  daysOf,
  fillingText,
  intervalText,
  queryOf,
  readChoice,
  valueText,
} from "../../../desk/static/console/insight_words.js";

const now = new Date("2026-03-01T23:59:00Z");
const share = { n: 40, value: 0.5, low: 0.35, high: 0.65 };
const up = {
  name: "containment",
  title: "Containment",
  unit: "share",
  counts: "",
  numerator: "",
  denominator: "",
  rows: "",
  better: /** @type {"up"} */ ("up"),
};

Deno.test("what is chosen stands in the address, and nonsense there is four weeks", () => {
  const choice = readChoice("?since=2026-02-01&until=2026-02-03&intent=&figure=wait", now);
  deepStrictEqual([choice.since, choice.until, choice.intent], ["2026-02-01", "2026-02-03", ""]);
  deepStrictEqual(readChoice(`?${addressOf(choice)}`, now), choice);
  strictEqual(queryOf(choice).toString(), "since=2026-02-01&until=2026-02-03&intent=");
  for (const search of ["", "?since=2026-02-03&until=2026-02-01", "?since=x&until=2026-13-01"]) {
    const { since, until } = readChoice(search, now);
    deepStrictEqual([since, until], ["2026-02-02", "2026-03-01"]);
  }
  strictEqual(daysOf({ since: "2026-02-27", until: "2026-03-01" }).length, 3);
});

Deno.test("a figure is said with how sure it is", () => {
  strictEqual(valueText(0.034, "share"), "3.4 %");
  strictEqual(valueText(75, "seconds"), "75 s");
  strictEqual(valueText(5400, "seconds"), "1.5 h");
  strictEqual(intervalText(share, "share"), "35 % to 65 % of 40");
  strictEqual(
    intervalText({ n: 1, value: 5, low: null, high: null }, "rating"),
    "too few to say of 1",
  );
});

Deno.test("a change is good or bad only when it is more than chance", () => {
  const previous = { n: 40, value: 0.3, low: 0.2, high: 0.4 };
  const news = changeOf({ ...share, name: "x", previous, is_news: true }, up);
  deepStrictEqual(news, { words: "+20.0 points from 30 %", tone: "good" });
  const chance = changeOf({ ...share, name: "x", previous, is_news: false }, up);
  deepStrictEqual(chance, { words: "+20.0 points from 30 %: may be chance", tone: "quiet" });
  strictEqual(changeOf({ ...share, name: "x", previous: null, is_news: null }, up).tone, "quiet");
});

Deno.test("how far an older log is counted is said until all of it is", () => {
  strictEqual(fillingText(1), "");
  strictEqual(
    fillingText(0.999),
    "Older conversations are being counted, the newest first: 99 % are in the figures so far.",
  );
});
