"""What kind of change to an order the words ask for: something more, less, another size, a swap."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions import goods
from actions.context.model import Order, OrderItem, Product

ADD, REMOVE, SWAP, SIZE, COUNT = "add", "remove", "swap", "size", "count"
_ADDS = re.compile(
    r"\b(?:add|adding|include|throw in|chuck in|stick|also want|put|forgot|another|extra|more)\b",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"\b(?:remov\w*|delet\w*|drop|lose|without|get rid|no longer|don'?t (?:want|need)|minus|"
    r"(?:take|took|taken|leave|cut)\b.*\b(?:off|out|away))\b",
    re.IGNORECASE,
)
_SWAPS = re.compile(r"\b(?:swap\w*|switch\w*|replac\w*|exchang\w*|rather)\b", re.IGNORECASE)
_SIZES = re.compile(r"\b(?:sizes?|bigger|smaller|larger|too (?:big|small))\b", re.IGNORECASE)
_COUNTS = re.compile(
    r"\b(?:quantity|amount|number of|how many|fewer|less|too many)\b", re.IGNORECASE
)


def kind_of_change(text: str, order: Order, products: Sequence[Product]) -> str | None:
    """Which of the five it is, as far as the words tell."""
    inside, outside = goods.lines_named(text, order), not_in(order, text, products)
    adds, takes, swaps = (bool(each.search(text)) for each in (_ADDS, _TAKES, _SWAPS))
    if outside:
        return SWAP if swaps or takes else ADD if adds or not inside else None
    line = line_in(text, order)
    if _SIZES.search(text) or (line is not None and other_size(text, line, products)):
        return SIZE
    if count_afterwards(text, line) is not None or _COUNTS.search(text):
        return COUNT
    return REMOVE if takes else SWAP if swaps else ADD if adds else None


def is_outspoken(text: str) -> bool:
    """Whether the words say what is to be done, and not only with what."""
    return bool(_ADDS.search(text) or _TAKES.search(text) or _SWAPS.search(text))


def count_afterwards(text: str, line: OrderItem | None) -> int | None:
    """How many there are to be afterwards: "one more" counts from what is there."""
    number, adds, takes = goods.count_in(text), _ADDS.search(text), _TAKES.search(text)
    if line is None:
        return number
    if takes:
        number = 1 if number is None and re.search(r"\bone\b", text, re.IGNORECASE) else number
        return line.quantity - number if number is not None and number < line.quantity else None
    return line.quantity + (number or 1) if adds else number


def line_in(text: str, order: Order) -> OrderItem | None:
    """The line that the words name, or the only one there is."""
    named = goods.lines_named(text, order)
    return named[0] if len(named) == 1 else goods.line_of(order, None) if not named else None


def other_size(text: str, line: OrderItem, products: Sequence[Product]) -> str | None:
    """The size in the words that the line does not have yet."""
    product = next((each for each in products if each.sku == line.sku), None)
    others = [size for size in product.stock if size != line.size] if product else []
    return goods.size_in(text, others)


def not_in(order: Order, text: str, products: Sequence[Product]) -> list[Product]:
    """The products that the words name and the order does not hold."""
    named = {word for line in goods.lines_named(text, order) for word in line.name.split()}
    rest = " ".join(word for word in text.split() if word.strip(".,!?").lower() not in named)
    held = {line.sku for line in order.items}
    return [each for each in goods.products_named(rest, products) if each.sku not in held]
