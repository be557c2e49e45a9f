// @ts-check
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  answeredShare,
  daysBack,
  meanText,
  shareText,
  summary,
} from "../../../desk/static/console/satisfaction_words.js";
import { inWords } from "../../../desk/static/desk/survey.js";
import { inOneLine, isHappening } from "../../../desk/static/shared/happenings.js";

const figures = { asked: 8, answered: 2, csat: 4.25, satisfied: 0.5, effort: null };

Deno.test("figures are said as far as there are any", () => {
  strictEqual(meanText(figures.csat), "4.3");
  strictEqual(meanText(figures.effort), "–");
  strictEqual(shareText(answeredShare(figures)), "25 %");
  strictEqual(shareText(answeredShare({ asked: 0, answered: 0 })), "–");
  strictEqual(
    summary(figures, 7),
    "Mean satisfaction by day, the last 7 days: 4.3 of 5 over all.",
  );
  strictEqual(
    summary({ ...figures, answered: 0, csat: null }, 7),
    "Nobody answered in the last 7 days.",
  );
});

Deno.test("days are counted in UTC, today's last", () => {
  const now = new Date("2026-03-01T23:59:00Z");
  deepStrictEqual(daysBack(now, 3), ["2026-02-27", "2026-02-28", "2026-03-01"]);
});

Deno.test("an answer is read in words, and in the thread as something that happened", () => {
  strictEqual(inWords({ csat: 4, effort: null }), "Satisfied: 4 of 5");
  strictEqual(inWords({ csat: null, effort: null }), "A comment only");
  const line = { author: "customer", event: "survey", text: "4 of 5" };
  strictEqual(isHappening(line), true);
  strictEqual(inOneLine(line, "Ada"), "Ada answered the survey: 4 of 5");
});
