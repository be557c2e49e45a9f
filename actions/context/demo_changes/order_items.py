"""What is in an order that is not packed yet, and what that makes its customer owe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from actions.context import tables
from actions.context.changes import Changed
from actions.context.demo.orders import in_currency
from actions.context.demo_changes import money, stock
from actions.context.demo_changes.arguments import Items
from actions.context.demo_changes.making import Making, Refused
from actions.context.demo_changes.orders import unpacked


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order, as `before` and `after` hold it."""

    sku: str
    name: str
    size: str | None
    quantity: int
    unit_price: str

    @property
    def pence(self) -> int:
        return money.pence(self.unit_price) * self.quantity


def change_items(making: Making, *, order: str, items: Items) -> Changed:
    """What is there already keeps its price; a difference is paid, or goes back."""
    found = unpacked(making, order)
    lines = _lines(making, order)
    if _counted(lines) == items:
        raise Refused("done_already")
    # The stock first: it also says whether there is such a thing at all, and it keeps quantities
    # within what a number in the tables can be.
    _exchange(making, _counted(lines), items)
    prices = {line.sku: line for line in lines}
    priced = [_priced(making, found, prices, what, items[what]) for what in items]
    settled = _rewrite(making, found, priced)
    before = {"items": [asdict(line) for line in lines], "total": money.text(found.total_pence)}
    after = {"items": [asdict(line) for line in priced], **settled}
    return Changed(order, before, after, undoable=True)


def undo_change_items(making: Making, done: Changed, *, order: str, items: Items) -> None:
    """The same things at the same prices, as long as they are still there."""
    found = unpacked(making, order)
    if _counted(_lines(making, order)) != items:
        raise Refused("too_late")
    before = [Line(**line) for line in done.before["items"]]
    _exchange(making, items, _counted(before))
    if "refund" in done.after:
        money.keep(making, done.after["refund"])
    if "payment" in done.after:
        money.drop_pending(making, done.after["payment"])
    _rewrite(making, found, before)


def _lines(making: Making, number: str) -> list[Line]:
    items = tables.order_items
    query = sa.select(items).where(items.c.order_number == number).order_by(items.c.position)
    return [
        Line(row.sku, row.name, row.size, row.quantity, money.text(row.unit_price_pence))
        for row in making.connection.execute(query)
    ]


def _counted(lines: Sequence[Line]) -> Items:
    counted: Items = {}
    for line in lines:
        what = (line.sku, line.size or "")
        counted[what] = counted.get(what, 0) + line.quantity
    return counted


def _exchange(making: Making, old: Items, new: Items) -> None:
    whats = {*old, *new}
    stock.take(making, {what: new.get(what, 0) - old.get(what, 0) for what in whats})


def _priced(
    making: Making, order: Any, known: Mapping[str, Line], what: tuple[str, str], quantity: int
) -> Line:
    sku, size = what
    if sku in known:
        return Line(sku, known[sku].name, size or None, quantity, known[sku].unit_price)
    products = tables.products
    found = making.connection.execute(sa.select(products).where(products.c.sku == sku)).one()
    price = in_currency(found.price_pence, order.currency)
    return Line(sku, found.name, size or None, quantity, money.text(price))


def _rewrite(making: Making, order: Any, lines: Sequence[Line]) -> dict[str, str]:
    """The order with these lines, and what there is to pay now: an amount is paid, or goes back."""
    items, orders = tables.order_items, tables.orders
    execute = making.connection.execute
    execute(sa.delete(items).where(items.c.order_number == order.number))
    for position, line in enumerate(lines):
        execute(
            sa.insert(items).values(
                order_number=order.number,
                position=position,
                sku=line.sku,
                name=line.name,
                size=line.size,
                quantity=line.quantity,
                unit_price_pence=money.pence(line.unit_price),
            )
        )
    goods = sum(line.pence for line in lines)
    total = max(goods + order.delivery_pence - order.discount_pence, 0)
    execute(sa.update(orders).where(orders.c.number == order.number).values(total_pence=total))
    settled = money.settle(making, order, total)
    names = ", ".join(f"{line.quantity} x {line.name}" for line in lines)
    text = f"Your order {order.number} now holds: {names}. It comes to "
    text += f"{money.shown(total, order.currency)}. {_told(settled, order.currency)}".rstrip()
    subject = f"Order {order.number} has changed"
    making.mail(order.customer, "order_items", subject, text)
    return {"total": money.text(total), **settled}


def _told(settled: Mapping[str, str], currency: str) -> str:
    if "refund" in settled:
        amount = money.shown(money.pence(settled["refunded"]), currency)
        return f"{amount} will be back with you within five working days."
    if "payment" in settled:
        amount = money.shown(money.pence(settled["to_pay"]), currency)
        return f"The difference of {amount} will be taken the way you paid."
    return ""
