"""Changing what is in an order that is not packed yet: one thing at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions import goods, wording
from actions.context.changes import Change
from actions.context.model import Order, OrderItem
from actions.families.item_details import (
    DETAILS,
    can_be_changed,
    line_meant,
    product_meant,
    product_of,
)
from actions.families.item_words import ADD, COUNT, REMOVE, SIZE, SWAP
from actions.families.orders import order_values
from actions.requests.request import (
    Answer,
    Case,
    Level,
    Outcome,
    Prepared,
    Proposal,
    Referral,
    Request,
)
from actions.say import PERSON, Say, about_order


async def _change(case: Case) -> Outcome:
    order = case.chosen()
    if not can_be_changed(order):
        return Answer((_too_late(case, order),))
    before = list(order.items)
    after = _changed(case, before)
    if after is None:
        return Answer((Say("utter_not_in_euros", order_values(order), (PERSON,)),))
    if not after:
        cancel = about_order("Cancel the order", "cancel_order", order.number)
        return Answer((Say("utter_order_would_be_empty", order_values(order), (cancel,)),))
    if after == before:
        return Answer((Say("utter_order_stays", order_values(order)),))
    missing = _sold_out(case, before, after)
    if missing is not None:
        return Answer((missing,))
    extra = _price(after) - _price(before)
    values = _values(case, after, extra)
    change = Change("change_items", {"order": order.number, "items": _arguments(after)})
    if extra > case.policy.order_change.most_extra:
        limit = wording.money(case.policy.order_change.most_extra, order.currency)
        title = f"Change order {order.number} to {values['items']}, {values['extra']} more"
        why = f"more than {limit} dearer, the bot's limit"
        return Referral(
            "needs_approval",
            f"{title}: {why}.",
            (Say("utter_change_needs_approval", values),),
            (Prepared(title, why, change),),
        )
    kind = "dearer" if extra > 0 else "cheaper" if extra < 0 else "same"
    return Proposal(
        change, Say(f"utter_confirm_change_{kind}", values), Say(f"utter_changed_{kind}", values)
    )


def _changed(case: Case, lines: Sequence[OrderItem]) -> list[OrderItem] | None:
    """The order's lines afterwards; None for something new that has no price in its currency."""
    what, told = case.details["what"], case.details
    line, product, size = line_meant(case), product_meant(case), told.get("size")
    after = list(lines)
    if line is not None and what in (REMOVE, SWAP):
        after.remove(line)
    if line is not None and what == SIZE:
        after[after.index(line)] = replace(line, size=size)
    if line is not None and what == COUNT:
        after[after.index(line)] = replace(line, quantity=told["count"])
    if product is not None and what in (ADD, SWAP):
        price = next((each.unit_price for each in lines if each.sku == product.sku), None)
        if price is None and product.currency != case.chosen().currency:
            return None
        count = line.quantity if line and what == SWAP else told.get("how_many", 1)
        new = OrderItem(product.sku, product.name, size, count, price or product.price)
        after.append(new)
    return [each for each in _merged(after) if each.quantity]


def _merged(lines: Sequence[OrderItem]) -> list[OrderItem]:
    """With one line for each thing in each size."""
    merged: dict[str, OrderItem] = {}
    for line in lines:
        key = goods.line_key(line)
        there = merged[key].quantity if key in merged else 0
        merged[key] = replace(line, quantity=line.quantity + there)
    return list(merged.values())


def _sold_out(case: Case, before: Sequence[OrderItem], after: Sequence[OrderItem]) -> Say | None:
    had = {goods.line_key(line): line.quantity for line in before}
    for line in after:
        product = product_of(case, line.sku)
        left = product.stock.get(line.size or "", 0) if product else 0
        if line.quantity - had.get(goods.line_key(line), 0) > left:
            values = {**order_values(case.chosen()), "thing": goods.line_title(line), "left": left}
            return Say("utter_not_so_many_left" if left else "utter_thing_sold_out", values)
    return None


def _values(case: Case, after: Sequence[OrderItem], extra: Decimal) -> dict[str, Any]:
    order = case.chosen()
    return {
        "number": order.number,
        "items": goods.lines_text(after),
        "total": wording.money(max(order.total + extra, Decimal(0)), order.currency),
        "extra": wording.money(abs(extra), order.currency),
        "days": case.policy.refund.working_days,
    }


def _arguments(lines: Sequence[OrderItem]) -> list[dict[str, Any]]:
    return [{"sku": each.sku, "size": each.size, "quantity": each.quantity} for each in lines]


def _price(lines: Sequence[OrderItem]) -> Decimal:
    return sum((line.unit_price * line.quantity for line in lines), Decimal(0))


def _too_late(case: Case, order: Order) -> Say:
    values = {**order_values(order), "days": case.policy.returns.days}
    if order.state == "delivered":
        back = about_order("Send it back", "return_item", order.number)
        exchange = about_order("Exchange it", "exchange_item", order.number)
        return Say("utter_change_delivered", values, (exchange, back))
    if order.is_open:
        return Say("utter_change_packed", values, (PERSON,))
    return Say(f"utter_order_{order.state}", values)


REQUESTS = (
    Request(
        "change_order",
        "changing an order",
        Level.VERIFIED,
        _change,
        can_be_changed,
        DETAILS,
        facts=Say("utter_change_order"),
        sells=True,
    ),
)
