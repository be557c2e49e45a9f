"""What is in stock: of a product, of a size of it, and who hears of it when it is back."""

from __future__ import annotations

import re
from typing import Any

from actions import wording
from actions.context.changes import Change
from actions.context.model import Product
from actions.families.which_product import WHICH, about, pressed, products_of
from actions.goods import count_in, size_in
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Proposal, Request
from actions.say import PERSON, Button, Say
from actions.wording import any_of

#: So few are "only 2 left".
_FEW = 3
_MOST_BUTTONS = 3
_OTHER_SIZE = any_of(
    r"(?:size|uk|eu|us) ?(\d{1,2}(?:[.,]5)?)", r"in (?:an? )?(\d{1,2}(?:[.,]5)?|\d?x{1,4}[ls])"
)
_RANGE = re.compile(r"UK (\d+)-(\d+)")
_PAIRS = any_of("pairs?")
_MORE = any_of(
    *("colou?rs?", "red", "blue", "green", "gr[ea]y", "black", "white", "yellow", "orange", "pink"),
    *(
        "purple",
        "brown",
        "wom[ae]n'?s",
        "ladies",
        "men'?s",
        "kids?'?",
        r"child\w*",
        "wide",
        "versions?",
    ),
    *(
        "plus",
        "half",
        "shop",
        "store",
        "display",
        "reserve",
        "aside",
        "pre-?order",
        "when",
        "restock",
    ),
    *("discontinued", "spare"),
)


def _read_watch(case: Case, heard: Heard, asked: bool) -> Any:
    """The size that the customer wants to hear of, by the button that offers it."""
    watched = pressed(heard, "watch")
    return watched and watched[1]


def _read_sizes(case: Case, heard: Heard, asked: bool) -> Any:
    """The size that is wanted of each product, by SKU; "?" for one it does not come in."""
    if not heard.typed:
        chosen = pressed(heard, "size")
        return {chosen[0]: chosen[1]} if chosen else None
    words = heard.words_about(case.intent, asked)
    found = {product.sku: _size(words, product) for product in products_of(case)}
    return {sku: size for sku, size in found.items() if size} or None


def _size(text: str, product: Product) -> str | None:
    sizes = [size for size in product.stock if size]
    other = _OTHER_SIZE.search(text)
    number = (other[1] or other[2]) if other else ""
    for ends in filter(None, map(_RANGE.fullmatch, sizes)):  # socks for a customer who takes a 7
        if number.isdigit() and int(ends[1]) <= int(number) <= int(ends[2]):
            return ends[0]
    return size_in(text, sizes) or ("?" if sizes and other else None)


def _read_count(case: Case, heard: Heard, asked: bool) -> Any:
    """How many are wanted; where sizes are numbers, a number alone is one of them."""
    products, words = products_of(case), heard.words_about(case.intent, asked)
    numbered = any(size[-1:].isdigit() for each in products for size in each.stock)
    if numbered and not _PAIRS.search(words):
        return None
    own = {word for each in products for word in re.findall(r"\w+", each.name.lower())}
    # The 60 of a 60 l rucksack counts nothing.
    others = [word for word in re.findall(r"[\w-]+", words.lower()) if word not in own]
    return count_in(" ".join(others))


def _read_more(case: Case, heard: Heard, asked: bool) -> Any:
    """Whether it is about more than a stock can tell, such as a colour."""
    return True if _MORE.search(heard.words_about(case.intent, asked)) else None


def _needs(case: Case) -> Level:
    return Level.KNOWN if "watch" in case.details else Level.ANYONE


async def _availability(case: Case) -> Outcome:
    products, details = products_of(case), case.details
    if not products:
        return Answer((Say("utter_product_not_listed", buttons=(PERSON,)),))
    sizes = {each.sku: _wanted(case, each) for each in products}
    first = products[0]
    if "watch" in details:
        return _watch(case, first, details["watch"], without_asking=True)
    if len(products) == 1 and case.context and first.stock.get(sizes[first.sku] or "") == 0:
        return _watch(case, first, sizes[first.sku] or "", without_asking=False)
    told = [_told(case, each, sizes[each.sku]) for each in products]
    if details.get("more"):
        told.append(Say("utter_stock_tells_no_more", buttons=(PERSON,)))
    return Answer(tuple(told))


def _wanted(case: Case, product: Product) -> str | None:
    """The size that is asked about; None for all of them."""
    return "" if "" in product.stock else (case.details.get("sizes") or {}).get(product.sku)


def _told(case: Case, product: Product, size: str | None) -> Say:
    values = _values(product, size)
    if size is None or size == "?":
        gone = [each for each, left in product.stock.items() if not left]
        buttons = tuple(_watch_button(case, product, each) for each in gone[:_MOST_BUTTONS])
        if size == "?":
            return Say("utter_stock_no_such_size", values, buttons)
        return Say("utter_stock_by_size" if gone else "utter_stock_in_all_sizes", values, buttons)
    left, count = product.stock[size], case.details.get("count") or 1
    values |= {"left": str(left), "count": str(count)}
    if not left:
        buttons = (*_instead(case, product, size), _watch_button(case, product, size))
        return Say("utter_stock_gone", values, buttons)
    if left < count:
        return Say("utter_stock_too_few", values, (PERSON,))
    return Say("utter_stock_few" if left <= _FEW else "utter_stock_enough", values)


def _watch(case: Case, product: Product, size: str, *, without_asking: bool) -> Proposal:
    values = _values(product, size)
    arguments = {"customer": case.known().customer.reference, "sku": product.sku, "size": size}
    return Proposal(
        Change("watch_stock", arguments),
        Say("utter_confirm_watch_stock", values, _instead(case, product, size)),
        Say("utter_done_watch_stock", values),
        without_asking,
    )


def _values(product: Product, size: str | None) -> dict[str, Any]:
    there = [each for each, left in product.stock.items() if left and each]
    gone = [each for each, left in product.stock.items() if not left and each]
    return {
        "product": product.name,
        "what": f"{product.name} in {size}" if size else product.name,
        "price": wording.money(product.price, product.currency),
        "sizes": wording.listed([each for each in product.stock if each] or ["one size"]),
        "there": wording.listed(there or ["none of its sizes"]),
        "gone": wording.listed(gone or ["none"]),
    }


def _instead(case: Case, product: Product, size: str) -> tuple[Button, ...]:
    """The sizes next to one that is gone, where they are in stock."""
    sizes = list(product.stock)
    at = sizes.index(size)
    near = [each for each in (*sizes[at - 1 : at], *sizes[at + 1 : at + 2]) if product.stock[each]]
    return tuple(about(each, case.intent, product, each, "size") for each in near)


def _watch_button(case: Case, product: Product, size: str) -> Button:
    title = f"Tell me when {size} is back" if size else "Tell me when it's back"
    return about(title, "product_availability", product, size, "watch")


REQUESTS = (
    Request(
        "product_availability",
        "what is in stock",
        _needs,
        _availability,
        details=(
            WHICH,
            Detail("watch", WHICH.ask, _read_watch, optional=True),
            Detail("sizes", WHICH.ask, _read_sizes, optional=True),
            Detail("count", WHICH.ask, _read_count, optional=True),
            Detail("more", WHICH.ask, _read_more, optional=True),
        ),
        sells=True,
    ),
)
