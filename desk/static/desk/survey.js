// @ts-check
/** What the customer said after the chat, for the customer panel. */

import { make } from "../staff/element.js";
import { dateOf } from "../staff/moments.js";

/** @typedef {import("../staff/types.js").Survey} Survey */

/** @param {Survey|null} survey */
export function surveyLines(survey) {
  if (!survey) return [];
  const heading = make("h3", null, "Asked how it was");
  const { csat, effort, comment, answered_at } = survey;
  if (!answered_at) {
    return [heading, make("p", { class: "quiet" }, `No answer yet, ${dateOf(survey.asked_at)}`)];
  }
  return [
    heading,
    make("p", null, inWords({ csat, effort })),
    comment ? make("p", { class: "survey-comment", dir: "auto" }, `“${comment}”`) : null,
    make("p", { class: "quiet" }, dateOf(answered_at)),
  ];
}

/** @param {Pick<Survey, "csat"|"effort">} survey */
export function inWords({ csat, effort }) {
  const said = [
    csat === null ? null : `Satisfied: ${csat} of 5`,
    effort === null ? null : `Easy: ${effort} of 5`,
  ];
  return said.filter(Boolean).join(" · ") || "A comment only";
}
