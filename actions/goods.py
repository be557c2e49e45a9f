"""How customers name what they ordered or want: by a word of its name, a size, a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TypeVar

from actions.context.model import Order, OrderItem, Product

T = TypeVar("T")

_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}
#: Words of names that alone mean nothing: "the first one", "take it down".
_WEAK = frozenset(
    ("first", "down", "head", "sun", "dry", "gas", "rain", "water", "winter", "summer", "person")
)
#: What a slip of the finger does not come to: other words, however close to one of a name.
_NO_SLIPS = frozenset(("stock", "heard", "hiring", "logging", "weather", "seeing"))
#: "A medium instead of a large": what follows is what is not wanted.
_NOT_WANTED = re.compile(
    r"\b(?:instead of|rather than|not|from)\s+(?:(?:an?|the|my|just|only|size|uk)\s+)*"
    r"[\w-]+(?:\s+(?:small|large))?",
    re.IGNORECASE,
)
_SPOKEN_SIZES = (
    ("XXL", r"xx[- ]?l|2xl|(?:xx|double|extra extra)[- ]large"),
    ("XL", r"xl|(?:x|extra)[- ]large"),
    ("XS", r"xs|(?:x|extra)[- ]small"),
    ("S", r"s|small"),
    ("M", r"m|medium"),
    ("L", r"l|large"),
)
_COUNT = re.compile(r"(?<![\w.,£$€-])(?<!uk )(?<!size )(\d{1,3})(?![\w%-]|[.,]\d)", re.IGNORECASE)


def line_key(item: OrderItem) -> str:
    """What stands for a line of an order in a button: an order may hold a thing in two sizes."""
    return f"{item.sku}|{item.size or ''}"


def line_title(item: OrderItem) -> str:
    """`2 × wool socks, UK 6-8`."""  # noqa: RUF002
    count = f"{item.quantity} × " if item.quantity > 1 else ""  # noqa: RUF001
    return f"{count}{item.name}{f', {item.size}' if item.size else ''}"


def lines_text(items: Iterable[OrderItem]) -> str:
    """All of an order: `hiking boots (UK 9), 2 × wool socks (UK 6-8) and beanie`."""  # noqa: RUF002
    *others, last = [
        f"{f'{item.quantity} × ' if item.quantity > 1 else ''}"  # noqa: RUF001
        f"{item.name}{f' ({item.size})' if item.size else ''}"
        for item in items
    ]
    return f"{', '.join(others)} and {last}" if others else last


def line_of(order: Order, key: object) -> OrderItem | None:
    """The line with this key, or the only one there is."""
    if len(order.items) == 1:
        return order.items[0]
    return next((item for item in order.items if line_key(item) == key), None)


def lines_named(text: str, order: Order) -> list[OrderItem]:
    """The lines of the order that the words fit best; several if they fit several alike."""
    return _named(text, order.items, lambda item: item.name)


def products_named(text: str, products: Sequence[Product]) -> list[Product]:
    """The products that the words fit best; several if they fit several alike."""
    return _named(text, products, lambda product: product.name)


def each_named(text: str, names: Sequence[str]) -> list[str]:
    """All the names that the words are meant for: "the wool jumper and a mug" are two of them and
    no wool socks, and "the jacket" is neither of two jackets."""
    said = _said(text, names)
    shared = {name: said & _words(name) for name in names if _fits(said, name)}
    return [
        name
        for name, words in shared.items()
        if not any(other != name and words <= more for other, more in shared.items())
    ]


def size_in(text: str, sizes: Sequence[str]) -> str | None:
    """The one of these sizes that is wanted: `UK 9` in "a nine please", `M` in "medium"."""
    wanted = _NOT_WANTED.sub(" ", text.lower().replace("’", "'"))  # noqa: RUF001
    for word, number in _NUMBERS.items():
        wanted = re.sub(rf"\b{word}\b", str(number), wanted)
    for name, pattern in _SPOKEN_SIZES:  # "extra large" before "large"
        wanted = re.sub(rf"(?<![\w'-])(?:{pattern})(?![\w'-])", f"={name}=", wanted)
    found = [size for size in sizes if size and _says_size(wanted, size)]
    return found[0] if len(found) == 1 else None


def count_in(text: str) -> int | None:
    """The one number of things that is wanted: 2 in "two pairs, not one"."""
    wanted = _NOT_WANTED.sub(" ", text.lower())
    found = {int(number) for number in _COUNT.findall(wanted)}
    words = re.findall(r"[a-z]+(?:-[a-z]+)*", wanted)
    found |= {_NUMBERS[word] for word in words if word in _NUMBERS and word != "one"}
    if not found and re.search(r"\b(?:only|just|to|make it) one\b", wanted):
        found = {1}
    return found.pop() if len(found) == 1 else None


def _says_size(text: str, size: str) -> bool:
    if f"={size}=" in text:
        return True
    number = re.escape(size.lower().removeprefix("uk ")).replace(r"\-", r"\s*(?:-|–|to)\s*")  # noqa: RUF001
    return bool(re.search(rf"(?<![\w'£.,-])(?:uk ?)?{number}(?![\w.-])", text))


def _named(text: str, things: Sequence[T], name: Callable[[T], str]) -> list[T]:
    said = _said(text, [name(thing) for thing in things])
    scored = [
        (len(said & _words(name(thing))), thing) for thing in things if _fits(said, name(thing))
    ]
    best = max((score for score, _ in scored), default=0)
    return [thing for score, thing in scored if score == best]


def _said(text: str, names: Iterable[str]) -> set[str]:
    """The words of the text, and those of the names that a slip of the finger hides: "beenie"."""
    said, known = _words(text), {word for name in names for word in _words(name)}
    return said | {
        close
        for word in said - known - _NO_SLIPS
        if len(word) > 4
        for close in get_close_matches(word, known, n=1, cutoff=0.82)
        if close[0] == word[0]  # "looking" is no cooking pot
    }


def _fits(said: set[str], name: str) -> bool:
    both = said & _words(name)
    return bool(both - _WEAK) or len(both) > 1


def _words(text: str) -> set[str]:
    """Without numbers, so that "two mugs" mean no two-person tent; "two-person" does."""
    found = re.findall(r"[a-z]+(?:-[a-z]+)*", text.lower())
    parts = {part for word in found for part in (word, *word.split("-"))}
    return {part.removesuffix("s") for part in parts if len(part) > 2 and part not in _NUMBERS}
