"""Orders that are not packed yet: cancelled, or sent somewhere else."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from actions.context.changes import Changed
from actions.context.demo_changes import money, stock
from actions.context.demo_changes.making import Making, Refused
from actions.context.tables import order_items, orders


def cancel_order(making: Making, *, order: str, fee: int) -> Changed:
    """What was paid goes back but for the fee, and so do the things, into the stock."""
    found = unpacked(making, order)
    stock.take(making, {what: -quantity for what, quantity in _inside(making, order).items()})
    _set(making, order, state="cancelled")
    money.call_off(making, found)
    after: dict[str, Any] = {"state": "cancelled"}
    paid = money.left(making, found)
    kept, told = min(fee, paid), "You have not paid for it, so there is nothing to refund."
    if kept:
        after["fee"] = money.text(kept)
        told = f"We keep the fee of {money.shown(kept, found.currency)}."
    if paid > kept:
        back = paid - kept
        after["refund"] = money.give_back(making, found, back, reason="order cancelled")
        after["amount"] = money.text(back)
        rest = (
            f"{money.shown(back, found.currency)} will be back with you within five working days."
        )
        told = f"{told} {rest}" if kept else rest
    text = f"Your order {order} is cancelled, as you asked. {told}"
    making.mail(found.customer, "order_cancelled", f"Order {order} is cancelled", text)
    return Changed(order, {"state": found.state}, after, undoable=True)


def undo_cancel_order(making: Making, done: Changed, *, order: str, fee: int) -> None:
    """Possible until the refund leaves, or somebody else has bought the things."""
    found = making.order(order)
    if found.state != "cancelled":
        raise Refused("too_late")
    if "refund" in done.after:
        money.keep(making, done.after["refund"])
    stock.take(making, _inside(making, order))
    money.call_in(making, found)
    _set(making, order, state=done.before["state"])
    text = f"Your order {order} is not cancelled any more: it will be sent as planned."
    making.mail(found.customer, "order_restored", f"Order {order} goes on", text)


def change_order_address(
    making: Making, *, order: str, line: str, town: str, postcode: str
) -> Changed:
    found = unpacked(making, order)
    before = {"line": found.line, "town": found.town, "postcode": found.postcode}
    after = {"line": line, "town": town, "postcode": postcode}
    if before == after:
        raise Refused("done_already")
    _send_to(making, found, after)
    return Changed(order, before, after, undoable=True)


def undo_change_order_address(
    making: Making, done: Changed, *, order: str, line: str, town: str, postcode: str
) -> None:
    found = unpacked(making, order)
    if (found.line, found.town, found.postcode) != (line, town, postcode):
        raise Refused("too_late")
    _send_to(making, found, done.before)


def unpacked(making: Making, number: str) -> Any:
    """The order's row, if it can still be changed; otherwise Refused."""
    found = making.order(number)
    if found.state == "cancelled":
        raise Refused("done_already")
    if found.state != "placed":
        raise Refused("too_late")
    return found


def _send_to(making: Making, order: Any, address: Any) -> None:
    _set(making, order.number, **address)
    text = (
        f"Your order {order.number} will go to {address['line']}, {address['town']} "
        f"{address['postcode']}."
    )
    subject = f"A new address for order {order.number}"
    making.mail(order.customer, "order_address", subject, text)


def _inside(making: Making, number: str) -> dict[tuple[str, str], int]:
    lines = sa.select(order_items).where(order_items.c.order_number == number)
    inside: dict[tuple[str, str], int] = {}
    for line in making.connection.execute(lines):
        what = (line.sku, line.size or "")
        inside[what] = inside.get(what, 0) + line.quantity
    return inside


def _set(making: Making, number: str, **values: Any) -> None:
    making.connection.execute(sa.update(orders).where(orders.c.number == number).values(**values))
