// @ts-check
/** The conversations a customer had before this one, each a link that opens it. */

import { channelName } from "../shared/channels.js";
import { make } from "../staff/element.js";
import { exactTime, stamp } from "../staff/moments.js";
import { hashOf } from "./route.js";

/** @typedef {import("../staff/types.js").EarlierConversation} EarlierConversation */

/** @param {readonly EarlierConversation[]} conversations */
export function earlierList(conversations) {
  const now = new Date();
  return make(
    "ul",
    { class: "earlier" },
    ...conversations.map(({ id, channel, updated_at, last_message }) =>
      make(
        "li",
        null,
        make(
          "a",
          { href: hashOf(id) },
          make("b", null, channelName(channel)),
          make(
            "time",
            { datetime: updated_at, title: exactTime(updated_at) },
            stamp(updated_at, now),
          ),
          make("span", { class: "earlier-last" }, last_message?.text ?? "No messages"),
        ),
      )
    ),
  );
}
