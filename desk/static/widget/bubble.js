// @ts-check
/** One message's bubble: its picture and text, and for the customer's own what became of it. */
import { sizeText } from "../shared/size.js";
import { removedKinds } from "../shared/removed.js";
import { richText } from "../shared/rich_text.js";
import { part } from "./part.js";

/** @typedef {import("./model.js").Entry} Entry */

/** @type {WeakMap<HTMLElement, string>} the words in each bubble */
const shown = new WeakMap();

/**
 * @param {HTMLElement} bubble
 * @param {Entry} entry
 * @param {boolean} last  whether it is the customer's last; older ones need no "Sent"
 * @param {{retry: (id: string) => void, discard: (id: string) => void}} actions
 */
export function renderBubble(bubble, entry, last, actions) {
  if (bubble.dataset.key === undefined) {
    bubble.dataset.key = entry.key;
    if (entry.image !== null) showPicture(part(bubble, "image", HTMLImageElement), entry.image);
    showFiles(part(bubble, "files"), entry);
    part(bubble, "retry").addEventListener("click", () => actions.retry(entry.key));
    part(bubble, "discard").addEventListener("click", () => actions.discard(entry.key));
  }
  // What comes back may lack what must not be kept.
  if (shown.get(bubble) !== entry.text) showText(bubble, entry);
  bubble.dataset.state = entry.state;
  const status = statusWords(entry, last);
  part(bubble, "status").hidden = status === "";
  part(bubble, "status-text").textContent = status;
  part(bubble, "retry").hidden = entry.state !== "failed" && entry.state !== "waiting";
  part(bubble, "discard").hidden = entry.state !== "failed";
}

/** @param {HTMLElement} bubble @param {Entry} entry */
function showText(bubble, { text, author }) {
  shown.set(bubble, text);
  part(bubble, "text").replaceChildren(richText(text));
  part(bubble, "text").hidden = text === "";
  const kinds = author === "customer" ? removedKinds(text) : "";
  part(bubble, "removed").hidden = kinds === "";
  part(bubble, "removed").textContent = kinds === ""
    ? ""
    : `We removed your ${kinds}, and kept nothing of it. Please never send it in a chat.`;
}

/** A picture that cannot be had leaves the words alone. @param {HTMLImageElement} image @param {string} url */
function showPicture(image, url) {
  image.addEventListener("error", () => (image.hidden = true));
  image.src = url;
  image.hidden = false;
}

/**
 * What an agent sent; of what the customer sent themselves, the words tell.
 * @param {HTMLElement} list
 * @param {Entry} entry
 */
function showFiles(list, { author, attachments }) {
  if (author !== "agent") return;
  for (const { kind, name, size, url } of attachments) {
    if (url === null) continue;
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    const label = document.createElement("bdi");
    label.textContent = name ?? "File";
    if (kind === "image") {
      const image = document.createElement("img");
      image.className = "picture";
      image.alt = "";
      image.loading = "lazy";
      image.addEventListener("error", () => image.remove());
      image.src = url;
      link.append(image);
    }
    link.append(label, size === null ? "" : ` (${sizeText(size)})`);
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  list.hidden = list.childElementCount === 0;
}

/** @param {Entry} entry @param {boolean} last */
function statusWords(entry, last) {
  if (entry.author !== "customer") return "";
  switch (entry.state) {
    case "sending":
      return "Sending…";
    case "waiting":
      return "Waiting for the connection.";
    case "failed":
      return `Not sent. ${entry.error ?? ""}`.trim();
    default:
      return last ? "Sent" : "";
  }
}
