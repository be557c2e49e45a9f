// @ts-check
/** What came with a message: pictures to look at, files to save, places to find. */

import { sizeText } from "../shared/size.js";
import { isPicture, kindName, placeOf } from "./attachment.js";
import { make } from "./element.js";

/** @typedef {import("./types.js").Attachment} Attachment */

/**
 * @param {readonly Attachment[]} attachments
 * @param {string} who sent them
 */
export function attachmentList(attachments, who) {
  return make(
    "ul",
    { class: "attachments", "aria-label": "Attachments" },
    ...attachments.map((one) => make("li", null, isPicture(one) ? picture(one, who) : shown(one))),
  );
}

/**
 * A picture of the bot's, as the customer saw it.
 *
 * @param {string} url
 */
export function botPicture(url) {
  const image = make("img", { src: url, alt: "Picture from the bot", loading: "lazy" });
  image.className = "bot-picture";
  image.addEventListener("error", () => {
    image.replaceWith(make("span", { class: "quiet" }, "The picture cannot be shown."));
  });
  return image;
}

/**
 * @param {Attachment} attachment
 * @param {string} who
 */
function picture(attachment, who) {
  // Its box is there before it is loaded, so that nothing moves when it is.
  const image = make("img", {
    src: attachment.url,
    alt: attachment.name ?? `${kindName(attachment)} from ${who}`,
    loading: "lazy",
    width: 168,
    height: 126,
  });
  const link = make(
    "a",
    { class: "picture", href: attachment.url, ...ELSEWHERE },
    image,
    NEW_TAB(),
  );
  // What a provider calls a picture may be none, or be gone.
  image.addEventListener("error", () => link.replaceWith(shown(attachment)));
  return link;
}

const ELSEWHERE = { target: "_blank", rel: "noopener noreferrer" };
const NEW_TAB = () => make("span", { class: "visually-hidden" }, " (opens a new tab)");

/** @param {Attachment} attachment */
function shown(attachment) {
  const { url, name, size } = attachment;
  const place = placeOf(attachment);
  if (place) {
    return make(
      "span",
      { class: "attachment" },
      `${kindName(attachment)} `,
      make("span", { class: "attachment-size" }, place.coordinates),
      " ",
      make("a", { href: place.map, ...ELSEWHERE }, "Map", NEW_TAB()),
    );
  }
  const label = kindName(attachment);
  return make(
    "span",
    { class: "attachment" },
    url ? make("a", { href: url, download: name ?? "" }, label) : label,
    size !== null && make("span", { class: "attachment-size" }, ` ${sizeText(size)}`),
  );
}
