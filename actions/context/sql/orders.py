"""Orders with all that belongs to them, out of the shop's rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from typing import TypeVar, get_args

import sqlalchemy as sa

from actions.context.model import (
    Address,
    Invoice,
    Order,
    OrderItem,
    OrderState,
    Parcel,
    TrackingEvent,
)
from actions.context.sql.fields import Fields
from actions.context.sql.mapping import Mapping

T = TypeVar("T")

_STATES: dict[str, OrderState] = {state: state for state in get_args(OrderState)}
_ARRIVED: frozenset[OrderState] = frozenset(("delivered", "returned"))
#: The shop's day may have begun while in UTC it is still the day before.
_DAY = timedelta(days=1)


def read_orders(connection: sa.Connection, mapping: Mapping, reference: str) -> tuple[Order, ...]:
    """Everything this customer ordered, newest first."""
    found = mapping.rows(connection, "orders", reference=reference)
    numbers = [row.text("number") for row in found]
    if len(set(numbers)) < len(numbers):
        raise found[0].wrong("number", "holds the same number twice")
    items, events = defaultdict(list), defaultdict(list)
    for row in mapping.rows(connection, "items", reference=reference):
        items[order_in(row, numbers)].append(_item(row))
    for row in mapping.rows(connection, "tracking_events", reference=reference):
        events[order_in(row, numbers)].append(_event(row))
    orders = [
        _order(row, reference, tuple(items[number]), events[number])
        for number, row in zip(numbers, found, strict=True)
    ]
    orders.sort(key=lambda order: order.number)
    orders.sort(key=lambda order: order.placed_at, reverse=True)
    return tuple(orders)


def read_order(connection: sa.Connection, mapping: Mapping, number: str) -> Order | None:
    """The order with this number, whoever placed it."""
    owner = mapping.row(connection, "owner_of", number=number)
    if owner is None:
        return None
    orders = read_orders(connection, mapping, owner.text("reference"))
    return next((order for order in orders if order.number == number), None)


def order_in(row: Fields, numbers: Collection[str]) -> str:
    """The number of the order that this row belongs to, one of the customer's own."""
    number = row.text("order_number")
    if number not in numbers:
        raise row.wrong("order_number", "names an order that is not this customer's")
    return number


def _order(
    row: Fields, reference: str, items: tuple[OrderItem, ...], events: list[TrackingEvent]
) -> Order:
    if row.text("customer") != reference:
        raise row.wrong("customer", "names another customer than the one asked for")
    state, placed_at = row.code("state", _STATES), row.moment("placed_at")
    delivered_on = row.day_or_none("delivered_on")
    if delivered_on and delivered_on < (placed_at - _DAY).date():
        raise row.wrong("delivered_on", "holds a day before the order was placed")
    if delivered_on and state not in _ARRIVED:
        raise row.wrong("delivered_on", "holds a day, and the state says it has not arrived")
    return Order(
        number=row.text("number"),
        customer_reference=reference,
        state=state,
        placed_at=placed_at,
        total=row.amount("total"),
        currency=row.currency("currency"),
        address=Address(row.text("line"), row.text("town"), row.text("postcode")),
        delivery_estimate=row.day_or_none("delivery_estimate"),
        delivered_on=delivered_on,
        items=items,
        parcel=_parcel(row, events),
        invoice=_invoice(row) if row.has("invoice_number") else None,
    )


def _parcel(row: Fields, events: list[TrackingEvent]) -> Parcel | None:
    if not (row.has("carrier") and row.has("tracking_code")):
        return None
    events.sort(key=lambda event: event.at)
    return Parcel(row.text("carrier"), row.text("tracking_code"), tuple(events))


def _invoice(row: Fields) -> Invoice:
    return Invoice(
        number=row.text("invoice_number"),
        issued_on=row.day("invoice_issued_on"),
        delivery=row.amount("invoice_delivery"),
        discount=row.amount("invoice_discount"),
        total=row.amount("invoice_total"),
        currency=row.currency("currency"),
    )


def _item(row: Fields) -> OrderItem:
    return OrderItem(
        sku=row.text("sku"),
        name=row.text("name"),
        size=row.text_or_none("size"),
        quantity=row.whole("quantity", least=1),
        unit_price=row.amount("unit_price"),
    )


def _event(row: Fields) -> TrackingEvent:
    return TrackingEvent(row.moment("at"), row.text("text"), row.text_or_none("place") or "")
