"""Which of the shop's products a question is about."""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

from actions.context.model import Product
from actions.goods import products_named
from actions.requests.dialogue import PRODUCTS
from actions.requests.heard import Heard
from actions.requests.request import Case, Detail, Wrong
from actions.say import Button, Say, choice

#: More than these are not told about at once.
_MOST = 3
#: A page looked at so lately is what "it" means.
_JUST_SEEN = timedelta(minutes=30)
_CALLED = {
    r"back ?packs?": "rucksack",
    r"sweaters?|pullovers?": "jumper",
    r"pants|slacks": "trousers",
    r"head ?lamps?|headlights?|flashlights?|lamps?": "head torch",
    r"flasks?|thermos\w*": "bottle",
    r"cups?": "mug",
    r"tees?|t-?shirts?|tshirts?": "cotton T-shirt",
    r"rain ?coats?|anoraks?": "rain jacket",
    r"coats?|parkas?": "jacket",
    r"soft ?shells?": "softshell jacket",
    r"trainers|runners": "trail running shoes",
    r"base ?layers?|merino": "merino base layer",
    r"mattress\w*": "sleeping mat",
    r"woolly hats?": "beanie",
    r"burners?|cookers?": "gas stove",
    r"walking sticks|hiking poles|walking poles": "trekking poles",
    r"(?:two|2)[- ](?:person|man)": "two-person",
    r"(?:one|1)[- ](?:person|man)": "one-person",
}
#: "Is it in stock?" names nothing; "do you sell ropes?" names what we do not know.
_NAMELESS = re.compile(
    r"\b(?:it'?s?|this|that|these|those|they|them|ones?|my size)\b|^\W*(?:\w+\W+){0,2}\w+\W*$",
    re.IGNORECASE,
)
_NAMES_SOMETHING = re.compile(
    r"\b(?:sell|stock|carry|keep|(?:do|have) (?:you|u) (?:have|got|do)|any)\s+"
    r"(?!(?:any|left|more|sizes?|of|it|in|this|these|them|the|plus|half|kids|\d+)\b)\w+",
    re.IGNORECASE,
)


def read_products(case: Case, heard: Heard, asked: bool) -> Any:
    """The SKUs of what is named, or else of what was talked of or looked at last; none at all where
    something is named that the shop's list does not hold."""
    if not heard.typed:
        sku, _ = pressed(heard) or ("", "")
        return [sku] if sku in {product.sku for product in case.products} else None
    words = heard.words_about(case.intent, asked)
    found = _named(words, case.products)
    if found:
        return [product.sku for product in found] if len(found) <= _MOST else None
    if asked and not heard.gives_up:
        return Wrong(Say("utter_product_not_found"))
    if heard.intent != case.intent:
        return None
    if _NAMELESS.search(words):
        return _lately(case)
    return [] if _NAMES_SOMETHING.search(words) else None


def about(title: str, intent: str, product: Product, size: str = "", verb: str = "ask") -> Button:
    """A button that asks about this product, or about a size of it."""
    return choice(title, intent, f"{verb} {product.sku}|{size}")


def pressed(heard: Heard, verb: str | None = None) -> tuple[str, str] | None:
    """SKU and size of the button that was pressed, if it was one with this verb."""
    said, _, what = (heard.choice or "").partition(" ")
    sku, divided, size = what.partition("|")
    return (sku, size) if divided and verb in (None, said) else None


def products_of(case: Case) -> list[Product]:
    """The products that the question is about."""
    return [product for product in case.products if product.sku in case.details[PRODUCTS]]


def _named(text: str, goods: tuple[Product, ...]) -> list[Product]:
    for called, name in _CALLED.items():
        text = re.sub(rf"\b(?:{called})\b", name, text, flags=re.IGNORECASE)
    parts = re.split(r"\b(?:and|or|than|vs)\b|[,;&?!]", text)
    named = {product.sku: product for part in parts for product in _best(part, goods)}
    return list(named.values())


def _best(text: str, goods: tuple[Product, ...]) -> list[Product]:
    """Those of which the thing itself is named: "climbing ropes" are no climbing shorts."""
    said = re.findall(r"[\w-]+", text.lower())
    return [
        product
        for product in products_named(text, goods)
        if get_close_matches(product.name.lower().split()[-1], said, n=1, cutoff=0.8)
    ]


def _lately(case: Case) -> list[str] | None:
    if case.talked_of:
        return list(case.talked_of)
    known = {product.sku for product in case.products}
    for signal in case.context.signals if case.context else ():
        if signal.about in known and case.now - signal.at <= _JUST_SEEN:
            return [signal.about]
    return None


WHICH = Detail(PRODUCTS, lambda case: Say("utter_ask_which_product"), read_products)
