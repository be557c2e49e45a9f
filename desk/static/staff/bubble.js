// @ts-check
/** One message as a bubble: its words, what came with it, and how far it got. */

import { removedKinds } from "../shared/removed.js";
import { richText } from "../shared/rich_text.js";
import { attachmentList, botPicture } from "./attachment_list.js";
import { stageOf, troubleOf } from "./delivery.js";
import { fill, make } from "./element.js";
import { exactTime } from "./moments.js";
import { isExplained, whyButton } from "./why_dialog.js";

/** @typedef {import("./types.js").Delivery} Delivery */
/** @typedef {import("./types.js").Message} Message */

/**
 * @param {Message} message
 * @param {{who: string, marked: boolean, also?: string[], tell: (type: "retry"|"discard"|"why") => void}} options
 *   `who`: its author; `also`: the ids of messages with the very same words that it stands for
 */
export function bubble(message, { who, marked, also = [], tell }) {
  const { id, text, image, attachments, buttons, unsent, created_at } = message;
  const node = make(
    "div",
    {
      class: `bubble ${unsent ?? ""}${marked ? " is-marked" : ""}`,
      title: exactTime(created_at),
      "data-id": id,
      "data-also": also.length > 0 && also.join(" "),
    },
    image !== null && botPicture(image),
    text !== "" && make("p", { class: "bubble-text" }, richText(text)),
    also.length > 0 && make("p", { class: "bubble-repeats" }, `Sent ${also.length + 1} times`),
    removedKinds(text) !== "" && make(
      "p",
      { class: "removed-note" },
      `The ${removedKinds(text)} was removed before it was kept: nobody here can see it.`,
    ),
    attachments.length > 0 && attachmentList(attachments, who),
    buttons.length > 0 && make(
      "ul",
      { class: "offered", "aria-label": "Buttons the customer saw" },
      ...buttons.map((button) => make("li", null, button.title)),
    ),
    unsent === "sending" && make("p", { class: "bubble-state" }, "Sending…"),
    unsent === "failed" && make(
      "p",
      { class: "bubble-state" },
      make("span", { class: "bad" }, `Not sent. ${message.problem ?? ""}`),
      make("button", { type: "button", class: "link", onclick: () => tell("retry") }, "Try again"),
      make("button", { type: "button", class: "link", onclick: () => tell("discard") }, "Discard"),
    ),
    // In a log that is read out, only trouble is news.
    make("p", { class: "bubble-trouble", hidden: true }),
    make("p", { class: "bubble-stage", "aria-live": "off", hidden: true }),
    isExplained(message) && whyButton(() => tell("why")),
  );
  showDelivery(node, message.delivery);
  return node;
}

/**
 * Changes only what is said of the delivery, so that a message is not read out anew with each receipt.
 *
 * @param {Element} bubble
 * @param {Delivery|null} delivery
 */
export function showDelivery(bubble, delivery) {
  const [trouble, stage] = bubble.querySelectorAll(".bubble-trouble, .bubble-stage");
  const words = troubleOf(delivery);
  bubble.classList.toggle("is-troubled", words !== null);
  bubble.classList.toggle("is-lost", words !== null && delivery?.state !== "pending");
  if (trouble.textContent !== (words ?? "")) trouble.textContent = words ?? "";
  trouble.toggleAttribute("hidden", words === null);
  const reached = stageOf(delivery);
  stage.toggleAttribute("hidden", reached === null);
  if (reached === null) return;
  stage.setAttribute("data-state", delivery?.state ?? "");
  stage.setAttribute("title", reached.words);
  fill(
    stage,
    make("span", { "aria-hidden": "true" }, reached.mark),
    make("span", { class: "visually-hidden" }, reached.words),
  );
}
