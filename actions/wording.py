"""How customers write order numbers, postcodes and what they bought, and how we write back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from actions.context.model import Order, TrackingEvent

_ORDER_NUMBER = re.compile(r"(?:W-?|#)?([1-9]\d{4})", re.IGNORECASE)
_POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:(?:an)?other|different|next)\s+(?:\w+\s+)?(?:order|one|parcel|package|delivery)\b",
    re.IGNORECASE,
)
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
_NAMES = {"GBP": "pounds", "EUR": "euros", "USD": "dollars"}
_PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
_COMMON = frozenset(("and", "the", "for", "with", "set", "pair", "men", "women", "order", "pack"))


def order_number(value: object) -> str | None:
    """Five digits out of `10432`, `#10432` or `W-10432`; of several, the first. Else None."""
    for each in value if isinstance(value, list) else [value]:
        match = _ORDER_NUMBER.fullmatch(each.strip()) if isinstance(each, str) else None
        if match:
            return match[1]
    return None


def postcode(value: object) -> str | None:
    """A UK postcode as `BS1 4DJ`; of several, the first. Else None."""
    for each in value if isinstance(value, list) else [value]:
        match = _POSTCODE.fullmatch(each.strip()) if isinstance(each, str) else None
        if match:
            return f"{match[1]} {match[2]}".upper()
    return None


def means_another(text: str) -> bool:
    """Whether the customer turns to another order than the one talked about."""
    return bool(_ANOTHER.search(text))


def by_words(text: str, orders: Sequence[Order]) -> Order | None:
    """The one order whose items the customer names ("the boots"), or None if none or several."""
    said = _words(text)
    named = [order for order in orders if any(said & _words(item.name) for item in order.items)]
    return named[0] if len(named) == 1 else None


def by_place(text: str, orders: Sequence[Order]) -> Order | None:
    """The order at the named place of the list just shown ("the second one"), or None."""
    places = {_PLACES[word] for word in re.findall(r"\w+", text.lower()) if word in _PLACES}
    place = places.pop() if len(places) == 1 else len(orders)
    return orders[place] if place < len(orders) else None


def items_text(order: Order) -> str:
    """What is in the order, short enough for one line: `hiking boots and 2 more`."""
    names = [
        item.name if item.quantity == 1 else f"{item.quantity} × {item.name}"  # noqa: RUF001
        for item in order.items
    ]
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]}, {names[1]} and {len(names) - 2} more"


def any_of(*words: str) -> re.Pattern[str]:
    """Finds any of these words (expressions), whole and in capitals or not."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def meant(text: str, meanings: Mapping[str, re.Pattern[str]]) -> str | None:
    """The first of these meanings whose words are in the text."""
    return next((name for name, words in meanings.items() if words.search(text)), None)


def listed(names: Sequence[str], word: str = "and") -> str:
    """`a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} {word} {last}" if most else last


def money(amount: Decimal | str, currency: str) -> str:
    """`£59.90`, or `59.90 SEK` for a currency without a sign of its own."""
    text, minus = f"{abs(Decimal(amount)):,.2f}", "-" if Decimal(amount) < 0 else ""
    sign = _SIGNS.get(currency)
    return f"{minus}{sign}{text}" if sign else f"{minus}{text} {currency}"


def currency_name(currency: str) -> str:
    """`pounds`, or the code of a currency without a name of its own here."""
    return _NAMES.get(currency, currency)


def day_text(day: date) -> str:
    """`Friday 5 June`."""
    return f"{day:%A} {day.day} {day:%B}"


def dated(day: date, today: date) -> str:
    """The day with its year, where that is not this one."""
    return day_text(day) if day.year == today.year else f"{day_text(day)} {day.year}"


def date_text(day: date) -> str:
    """`5 June 2027`, for days far off."""
    return f"{day.day} {day:%B %Y}"


def event_text(event: TrackingEvent) -> str:
    """`arrived at the depot, Leeds, Friday 5 June`."""
    where = f", {event.place}" if event.place else ""
    return f"{event.text}{where}, {day_text(event.at.date())}"


def _words(text: str) -> set[str]:
    words = (word.removesuffix("s") for word in re.findall(r"[a-z]{3,}", text.lower()))
    return {word for word in words if word not in _COMMON}
