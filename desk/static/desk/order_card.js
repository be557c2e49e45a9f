// @ts-check
/** One order in the customer panel: its state at a glance, the parcel's way when opened. */

import { make } from "../staff/element.js";
import { clockTime, dateOf } from "../staff/moments.js";
import { readable } from "../staff/words.js";
import { eventsOf, orderTone, totalOf } from "./orders.js";

/** @typedef {import("../staff/types.js").Order} Order */

/**
 * @param {Order} order
 * @param {{open: boolean, mentioned: boolean}} options
 */
export function orderCard(order, { open, mentioned }) {
  const state = make("span", { class: "badge order-state" }, readable(order.state));
  state.dataset.tone = orderTone(order.state);
  const events = eventsOf(order);
  return make(
    "details",
    { class: "order", open },
    make(
      "summary",
      null,
      make("b", null, order.number),
      state,
      make("span", { class: "order-total" }, totalOf(order)),
      mentioned
        ? make("span", { class: "order-mentioned" }, "This conversation is about it")
        : null,
    ),
    make("dl", { class: "facts" }, ...facts(order)),
    events.length > 0
      ? make("ol", { class: "parcel", "aria-label": "Parcel" }, ...events.map(parcelEvent))
      : make("p", { class: "quiet" }, "No parcel events yet."),
  );
}

/** @param {Order} order */
function facts(order) {
  const { placed_at, items, address, delivery_estimate, delivered_on } = order;
  const { carrier, tracking_code } = order;
  const goods = (items ?? [])
    .map(({ name, size, quantity }) => `${quantity} × ${name}${size ? ` ${size}` : ""}`)
    .join(", ");
  const parcel = [carrier, tracking_code].filter(Boolean).join(" ");
  /** @type {[string, string][]} */
  const rows = [
    ["Placed", placed_at ? dateOf(placed_at) : ""],
    ["Items", goods],
    ["To", address ?? ""],
    delivered_on
      ? ["Delivered", dateOf(delivered_on)]
      : ["Expected", delivery_estimate ? dateOf(delivery_estimate) : ""],
    ["Parcel", parcel],
  ];
  return rows
    .filter(([, value]) => value !== "")
    .flatMap(([name, value]) => [make("dt", null, name), make("dd", null, value)]);
}

/** @param {{at: string, text: string, place: string|null}} event */
function parcelEvent({ at, text, place }) {
  return make(
    "li",
    null,
    make("span", null, text, place ? `, ${place}` : ""),
    make("time", { datetime: at, class: "quiet" }, `${dateOf(at)}, ${clockTime(at)}`),
  );
}
