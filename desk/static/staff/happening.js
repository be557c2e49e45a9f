// @ts-check
/** One line of the transcript that is no message, with the way to the message it is about. */

import { channelName } from "../shared/channels.js";
import { inOneLine } from "../shared/happenings.js";
import { make } from "./element.js";
import { clockTime, exactTime } from "./moments.js";
import { isExplained, whyButton } from "./why_dialog.js";

/** @typedef {import("./transcript.js").Happening} Happening */

const LONGEST_QUOTE = 60;

/**
 * @param {Happening} entry
 * @param {{customerName: string, marked: boolean, goTo: (id: string) => void, why: () => void}} options
 */
export function happening({ message, channel, about }, { customerName, marked, goTo, why }) {
  const { id, event, created_at } = message;
  const line = inOneLine(message, customerName);
  /** @param {string} words */
  const link = (words) => {
    const go = () => about && goTo(about.id);
    return make("button", { type: "button", class: "link", onclick: go }, words);
  };
  return make(
    "li",
    { class: `log-event${marked ? " is-marked" : ""}`, "data-id": id },
    channel && channelBadge(channel),
    // What was corrected is named in the way there; the other lines quote it themselves.
    about && event !== "edit" ? link(line) : make("span", null, line),
    about && event === "edit" && link(`Was: ${quoted(about.text)}`),
    make("time", { datetime: created_at, title: exactTime(created_at) }, clockTime(created_at)),
    isExplained(message) && whyButton(why),
  );
}

/** @param {string} channel */
export function channelBadge(channel) {
  return make("span", { class: "badge channel" }, channelName(channel));
}

/** @param {string} text */
function quoted(text) {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return `“${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE - 1)}…` : line}”`;
}
