"""The things of an order that can still be sent back: which of them are meant, and how many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.context.model import CustomerContext, Order
from actions.goods import each_named

_ALL = re.compile(
    r"\b(?:all|everything|both|(?:whole|entire|complete) (?:order|lot|thing)|the lot|in full)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"-?\d+(?:[.,]\d+)?|[a-z]{2,}|\ba\b", re.IGNORECASE)
_ARTICLES = frozenset(("a", "an"))
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "pair": 1,
}  # fmt: skip
#: "One of the two fleeces", "2 of my enamel mugs": so far a number may be from its thing.
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Thing:
    """What is in the order under one SKU, and how many of it have not been sent back."""

    sku: str
    name: str
    size: str | None
    left: int
    price: Decimal

    def counted(self, quantity: int) -> str:
        """`2 × enamel mug`, or `hiking boots (UK 9)`."""  # noqa: RUF002
        size = f" ({self.size})" if self.size else ""
        return f"{quantity} × {self.name}{size}" if quantity > 1 else f"{self.name}{size}"  # noqa: RUF001


def things_left(context: CustomerContext, order: Order) -> list[Thing]:
    """What can be sent back, in the order's order."""
    gone = {item.sku: 0 for item in order.items}
    for each in context.returns:
        if each.order_number == order.number and each.sku in gone:
            gone[each.sku] += each.quantity
    things: dict[str, Thing] = {}
    for item in order.items:
        quantity = item.quantity + (
            things[item.sku].left if item.sku in things else -gone[item.sku]
        )
        things[item.sku] = Thing(item.sku, item.name, item.size, quantity, item.unit_price)
    return [thing for thing in things.values() if thing.left > 0]


def means_all(text: str) -> bool:
    """Whether everything is meant."""
    return bool(_ALL.search(text))


def meant(text: str, things: Sequence[Thing]) -> list[Thing]:
    """Those the words name."""
    names = each_named(text, [thing.name for thing in things])
    return [thing for thing in things if thing.name in names]


def count_in(text: str, thing: Thing, *, asked: bool) -> int | None:
    """How many of it the words name; where nobody asked, only a number near the thing counts."""
    tokens = [token.lower() for token in _TOKEN.findall(text)]
    for place, token in enumerate(tokens):
        number = _number(token)
        if number is None:
            continue
        near = " ".join(tokens[place + 1 : place + 1 + _NEAR])
        if each_named(near, [thing.name]) or (asked and token not in _ARTICLES):
            return number
    return thing.left if asked and means_all(text) else None


def _number(token: str) -> int | None:
    if token in _NUMBERS:
        return _NUMBERS[token]
    # Longer ones are orders' numbers.
    return int(token) if re.fullmatch(r"-?\d{1,3}", token) else None
