"""Everybody else in the demo shop and what befell their orders: by chance, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from actions.context.demo.goods import Article
from actions.context.demo.plan import (
    DemoClaim,
    DemoCustomer,
    DemoFailure,
    DemoItem,
    DemoOrder,
    DemoReturn,
    DemoSignal,
    Wish,
)
from actions.context.model import Address, OrderState

#: How often each state comes up, and how many days ago such an order was placed.
STATES: dict[OrderState, tuple[int, int, int]] = {
    "placed": (8, 1, 2),
    "packed": (8, 1, 2),
    "shipped": (14, 2, 4),
    "out_for_delivery": (7, 3, 5),
    "delivered": (40, 6, 200),
    "delayed": (8, 7, 10),
    "lost": (3, 15, 24),
    "cancelled": (6, 1, 150),
    "returned": (6, 15, 180),
}
#: Delivered orders of the last weeks are the ones that are talked about.
_RECENT_DAYS = 24
_CHEAP_PENCE = 3_000
_WISHES: tuple[Wish, ...] = ("replacement", "refund")


def somebody(
    reference: str,
    ingredients: Mapping[str, Any],
    goods: Mapping[str, Article],
    numbers: Iterator[str],
    chance: random.Random,
) -> DemoCustomer:
    """A customer with none to four orders."""
    town, outward = chance.choice(ingredients["towns"])
    letters = "ABDEFGHJLNPQRSTUWXYZ"  # the Royal Mail uses no others in the second half
    inward = f"{chance.randint(1, 9)}{chance.choice(letters)}{chance.choice(letters)}"
    line = f"{chance.randint(1, 120)} {chance.choice(ingredients['streets'])}"
    name = f"{chance.choice(ingredients['first_names'])} {chance.choice(ingredients['last_names'])}"
    orders = [
        _order(next(numbers), ingredients, goods, chance)
        for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4)))
    ]
    if orders and chance.random() < 0.2:
        orders[0] = replace(orders[0], promo="WELCOME10")
    channels = ("sms", "whatsapp", "telegram", "facebook")
    return DemoCustomer(
        reference=reference,
        name=name,
        address=Address(line, town, f"{chance.choice(outward)} {inward}"),
        known=chance.randint(210, 2_000),
        channels=tuple(chance.sample(channels, chance.randint(1, 3))),
        orders=tuple(orders),
        keeps_address=bool(orders) or chance.random() < 0.5,
        newsletter=chance.random() < 0.5,
        member=chance.randint(5, 205) if chance.random() < 0.33 else None,
        failed_payment=_failure(ingredients, goods, chance) if chance.random() < 0.06 else None,
        signals=_signals(orders, goods, chance),
    )


def _order(
    number: str,
    ingredients: Mapping[str, Any],
    goods: Mapping[str, Article],
    chance: random.Random,
) -> DemoOrder:
    states, weights = list(STATES), [often for often, _, _ in STATES.values()]
    state = chance.choices(states, weights)[0]
    _, youngest, oldest = STATES[state]
    if state == "delivered" and chance.random() < 0.5:
        oldest = _RECENT_DAYS
    names = chance.sample(list(goods), chance.choice((1, 1, 1, 2, 2, 3)))
    carrier, code = chance.choice(ingredients["carriers"])
    order = DemoOrder(
        number=number,
        state=state,
        days_ago=chance.randint(youngest, oldest),
        at=time(chance.randint(6, 8), chance.randint(0, 59)),
        items=tuple(_item(goods[name], chance) for name in names),
        carrier=carrier,
        tracking_code=f"{code}{chance.randint(10**8, 10**9 - 1)}",
        method=chance.choice(ingredients["payment_methods"]),
        paid=chance.choices(("once", "at_second_try", "twice", "twice_refunded"), (90, 6, 2, 2))[0],
        refund=chance.choices(("sent", "late", "failed"), (80, 10, 10))[0],
    )
    return _with_trouble(order, goods, chance)


def _with_trouble(
    order: DemoOrder, goods: Mapping[str, Article], chance: random.Random
) -> DemoOrder:
    """Some payments take their time, some of what came lately is sent back or complained of."""
    drawn, wish = chance.random(), chance.choice(_WISHES)
    if order.state == "placed" and drawn < 0.2:
        return replace(order, paid="pending", method="PayPal")
    if order.state == "lost" and drawn < 0.5:
        return replace(order, claim=DemoClaim("missing", wish, 2))
    if order.state != "delivered" or order.days_ago > _RECENT_DAYS:
        return order
    first = order.items[0]
    if drawn < 0.2:
        return replace(order, sends_back=DemoReturn(first.name, 1))
    if drawn < 0.3 and first.size:
        others = [size for size in goods[first.name].sizes if size != first.size]
        return replace(order, sends_back=DemoReturn(first.name, 2, chance.choice(others)))
    if drawn < 0.36:
        return replace(order, claim=DemoClaim("damaged", wish, 1))
    if drawn < 0.4:
        return replace(order, claim=DemoClaim("missing", wish, 1))
    return order


def _item(article: Article, chance: random.Random) -> DemoItem:
    quantity = 2 if article.price < _CHEAP_PENCE and chance.random() < 0.4 else 1
    return DemoItem(article.name, chance.choice(article.sizes) or None, quantity)


def _failure(
    ingredients: Mapping[str, Any], goods: Mapping[str, Article], chance: random.Random
) -> DemoFailure:
    return DemoFailure(
        item=chance.choice(list(goods)),
        minutes_ago=chance.randint(2, 2_000),
        method=chance.choice(ingredients["payment_methods"]),
        failure=chance.choice(ingredients["failures"]),
    )


def _signals(
    orders: Sequence[DemoOrder], goods: Mapping[str, Article], chance: random.Random
) -> tuple[DemoSignal, ...]:
    signals = [
        DemoSignal("parcel_delayed", chance.randint(5, 3_000), order.number)
        for order in orders
        if order.state == "delayed"
    ]
    if chance.random() < 0.2:
        minutes_ago = chance.randint(1, 1_000)
        sku = chance.choice(list(goods.values())).sku
        signals.append(DemoSignal("page_viewed", minutes_ago + 5, sku))
        if chance.random() < 0.6:
            signals.append(DemoSignal("checkout_error", minutes_ago))
    return tuple(signals)
