"""Things that come back: for the money, or for another size."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from actions.context import tables
from actions.context.changes import Changed
from actions.context.demo_changes import stock
from actions.context.demo_changes.making import Attachment, Making, Refused, new_reference
from actions.context.demo_documents import drawing
from actions.context.tables import order_items, returns

#: Days after delivery in which the shop takes things back.
RETURN_DAYS = timedelta(days=30)


def return_item(making: Making, *, order: str, sku: str, quantity: int) -> Changed:
    found = _returnable(making, order, sku, quantity)
    return _register(making, found, sku, quantity, None)


def exchange_item(making: Making, *, order: str, sku: str, quantity: int, new_size: str) -> Changed:
    """The other size is kept for the customer from now on."""
    found = _returnable(making, order, sku, quantity)
    if {line.size or "" for line in _lines(making, order, sku)} == {new_size}:
        raise Refused("done_already")
    stock.take(making, {(sku, new_size): quantity})
    return _register(making, found, sku, quantity, new_size)


def undo_return(making: Making, done: Changed, **_arguments: object) -> None:
    """Possible until the shop has the thing."""
    returned = making.locked(sa.select(returns).where(returns.c.reference == done.reference))
    if returned.received_on is not None:
        raise Refused("too_late")
    if returned.new_size is not None:
        stock.take(making, {(returned.sku, returned.new_size): -returned.quantity})
    making.connection.execute(sa.delete(returns).where(returns.c.reference == done.reference))
    owner = sa.select(tables.orders.c.customer).where(
        tables.orders.c.number == returned.order_number
    )
    text = f"Your return {done.reference} is withdrawn. Please do not use its label any more."
    subject = f"Return {done.reference} is withdrawn"
    making.mail(making.connection.execute(owner).scalar_one(), "return_withdrawn", subject, text)


def _returnable(making: Making, number: str, sku: str, quantity: int) -> Any:
    """The order's row, if so many of it can be sent back; otherwise Refused."""
    found = making.order(number)
    if found.state == "returned":
        raise Refused("done_already")
    if found.state != "delivered" or found.delivered_on is None:
        raise Refused("not_offered")
    if making.today > found.delivered_on + RETURN_DAYS:
        raise Refused("too_late")
    lines = _lines(making, number, sku)
    if not lines:
        raise Refused("not_found")
    gone = sa.select(sa.func.sum(returns.c.quantity)).where(
        returns.c.order_number == number, returns.c.sku == sku
    )
    left = sum(line.quantity for line in lines) - (making.connection.scalar(gone) or 0)
    if quantity > left:
        raise Refused("exceeds" if left else "done_already")
    return found


def _lines(making: Making, number: str, sku: str) -> list[Any]:
    query = sa.select(order_items).where(
        order_items.c.order_number == number, order_items.c.sku == sku
    )
    return list(making.connection.execute(query))


def _register(making: Making, order: Any, sku: str, quantity: int, new_size: str | None) -> Changed:
    reference = new_reference("RT")
    making.connection.execute(
        sa.insert(returns).values(
            reference=reference,
            order_number=order.number,
            sku=sku,
            quantity=quantity,
            new_size=new_size,
            requested_at=making.moment,
            received_on=None,
        )
    )
    draw = drawing(making.connection, "label", reference)
    label = Attachment(f"label-{reference}.pdf", draw) if draw else None
    what = "exchange" if new_size else "return"
    text = (
        f"Your {what} {reference} is registered. Print the label in this mail, stick it on the "
        "parcel and hand it in at any post office."
    )
    making.mail(order.customer, what, f"Your label for {what} {reference}", text, label)
    after = {"return": reference, "sku": sku, "quantity": quantity}
    if new_size is not None:
        after["new_size"] = new_size
    return Changed(reference, {}, after, undoable=True)
