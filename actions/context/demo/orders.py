"""The rows of orders: what is in them, the carrier's scans, and the invoice of what left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from actions.context import tables
from actions.context.demo.goods import Article, discount_of
from actions.context.demo.plan import DemoCustomer, DemoOrder
from actions.context.demo.rows import Row, Rows
from actions.context.model import OrderState

DELIVERY_PENCE, FREE_FROM_PENCE = 395, 5_000
#: From packing until it reaches the carrier nothing is billed; a cancelled order never leaves.
NOT_GONE: frozenset[OrderState] = frozenset(("placed", "packed", "cancelled"))
_NO_LABEL: frozenset[OrderState] = frozenset(("placed", "cancelled"))

Scan = tuple[datetime, str, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that was added: its plan, its row, and when the carrier last had it in hand."""

    plan: DemoOrder
    row: Row
    last_scan: datetime | None


def add_order(
    rows: Rows,
    customer: DemoCustomer,
    order: DemoOrder,
    goods: Mapping[str, Article],
    promos: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> Placed:
    """Adds the order with everything of its own."""
    placed_at = datetime.combine(now.date() - timedelta(days=order.days_ago), order.at)
    items = _items(order, goods, customer.currency)
    goods_pence = sum(item["unit_price_pence"] * item["quantity"] for item in items)
    discount = discount_of(promos[order.promo], goods_pence) if order.promo else 0
    is_member = customer.member is not None and customer.member >= order.days_ago
    free = is_member or goods_pence - discount >= FREE_FROM_PENCE
    delivery = 0 if free else in_currency(DELIVERY_PENCE, customer.currency)
    scans = _scans(order, placed_at, now, customer.address.town)
    row: Row = {
        "number": order.number,
        "customer": customer.reference,
        "state": order.state,
        "placed_at": placed_at,
        "total_pence": goods_pence + delivery - discount,
        "delivery_pence": delivery,
        "discount_pence": discount,
        "currency": customer.currency,
        "line": customer.address.line,
        "town": customer.address.town,
        "postcode": customer.address.postcode,
        "delivery_estimate": _estimate(order.state, placed_at.date(), now.date()),
        "delivered_on": next(
            (at.date() for at, what, _ in scans if what == order.handed_over), None
        ),
        "carrier": None if order.state in _NO_LABEL else order.carrier,
        "tracking_code": None if order.state in _NO_LABEL else order.tracking_code,
    }
    rows[tables.orders].append(row)
    rows[tables.order_items] += items
    rows[tables.tracking_events] += [
        {"order_number": order.number, "position": position, "at": at, "text": text, "place": place}
        for position, (at, text, place) in enumerate(scans)
    ]
    if order.promo:
        rows[tables.promo_uses].append(
            {"code": order.promo, "customer": customer.reference, "order_number": order.number}
        )
    if order.state not in NOT_GONE:
        rows[tables.invoices].append(_invoice(row, scans[0][0].date()))
    return Placed(order, row, scans[-1][0] if scans else None)


def in_currency(pence: int, currency: str) -> int:
    """The shop's price in pounds, in another of its currencies."""
    return pence * 6 // 5 if currency == "EUR" else pence


def _items(order: DemoOrder, goods: Mapping[str, Article], currency: str) -> list[Row]:
    return [
        {
            "order_number": order.number,
            "position": position,
            "sku": goods[item.name].sku,
            "name": item.name,
            "size": item.size,
            "quantity": item.quantity,
            "unit_price_pence": in_currency(goods[item.name].price, currency),
        }
        for position, item in enumerate(order.items)
    ]


def _invoice(order: Row, issued_on: date) -> Row:
    alike = ("delivery_pence", "discount_pence", "total_pence", "currency")
    return {
        "number": f"INV-{order['number']}",
        "order_number": order["number"],
        "issued_on": issued_on,
        **{name: order[name] for name in alike},
    }


def _estimate(state: OrderState, placed_on: date, today: date) -> date | None:
    if state in ("cancelled", "lost"):
        return None
    if state == "out_for_delivery":
        return today
    if state == "delayed":
        return today + timedelta(days=2)
    return placed_on + timedelta(days=5)


def _scans(order: DemoOrder, placed_at: datetime, now: datetime, town: str) -> list[Scan]:
    """The carrier's scans up to this state, none of them later than early on the seeding day."""
    state = order.state
    if state in NOT_GONE:
        return []
    hub, depot = "Coventry hub", f"{town} depot"
    collected = placed_at + timedelta(days=1, hours=9)
    scans = [
        (collected, "collected by the carrier", "Coventry"),
        (collected + timedelta(hours=5), "left the sorting centre", hub),
    ]
    if state == "lost":
        return scans
    if state == "delayed":
        return [*scans, (collected + timedelta(days=2), "held at the depot, vehicle fault", depot)]
    if state != "shipped":
        scans.append((collected + timedelta(hours=20), "arrived at the depot", depot))
    if state == "out_for_delivery":
        loaded = datetime.combine(now.date(), time(0, 20))
        scans.append((min(loaded, now), "loaded for delivery", depot))
    if state in ("delivered", "returned"):
        arrived = collected + timedelta(days=2, hours=3)
        scans.append((arrived, order.handed_over, town))
        if state == "returned":
            back = arrived + timedelta(days=9)
            scans.append((back, "received back at the warehouse", "Coventry"))
    return scans
