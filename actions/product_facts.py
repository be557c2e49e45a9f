"""Which of a product's facts a question asks for: quoted as the shop has them, never made up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.context.model import Product
from actions.wording import any_of, listed, money

#: How customers ask for what the shop's facts are called; a shop with other facts adds its own.
_ASKS = {
    "price": any_of("how much (?:is|are|for)", r"pric\w*", "costs?", "expensive"),
    "sizes": any_of("(?:what|which) sizes", "sizes? (?:do|does|are|is) .{0,30}(?:come|available)"),
    "weight": any_of(
        *("h(?:ea|e)vy", "heavier", "heaviest", r"weigh\w*", "light(?:er|est|weight)?"),
    ),
    "waterproofing": any_of(
        *(
            r"water ?proof\w*",
            "rain(?:y|proof)?",
            "(?:get|in the) wet",
            "water.?(?:resist|repel).*",
            "membrane",
        ),
        *(r"wind ?proof\w*", "gore-?tex", r"keep\w* (?:me |the rain )?(?:dry|out)", "pfas"),
    ),
    "care": any_of(
        *(
            r"wash\w*",
            r"clean\w*",
            "drye?r",
            "drying",
            "tumble",
            r"iron\w*",
            "dishwasher",
            "microwave",
        ),
        *("care", "look after", r"shrink\w*", "smell", r"wax\w*", r"repair\w*"),
    ),
    "material": any_of(
        *(
            "mat[ie]*rials?",
            "fabric",
            "made (?:of|from|out)",
            "real",
            "genuine",
            "vegan",
            "filling",
        ),
        *(
            "leather",
            "wool",
            "cotton",
            "polyester",
            "nylon",
            "merino",
            "alumini?um",
            "carbon",
            "steel",
        ),
        *("organic", "recycled"),
    ),
    "fit": any_of(
        *(
            "fits?",
            "true to size",
            "run (?:small|large|big)",
            "comes? up",
            "slim",
            "loose",
            "wide feet",
        ),
        *(
            r"stretch\w*",
            "between (?:two )?sizes",
            "size (?:chart|guide)",
            "sizing",
            "(?:which|what) size",
        ),
    ),
    "size": any_of(
        *("dimensions?", r"measure\w*", "how (?:big|wide|tall|high|thick|small)", "sleeps?"),
        *("how long (?:is|are)", r"fold\w*", "packs?"),
    ),
    "warmth": any_of(r"warm\w*", "temperature", "degrees", r"cold\w*", "hot", r"insulat\w*"),
    "light": any_of(r"bright\w*", "lumens?", "beam"),
    "power": any_of(r"batter\w*", "usb", r"charg\w*", r"power\w*", "boil"),
    "fuel": any_of("(?:what|which) gas", "gas canisters?", "fuel", "cartridges?", "canisters?"),
    "capacity": any_of("capacity", "how (?:many|much) (?:litres|liters|water)"),
    "contents": any_of(
        "contents?", "what(?:'s| is) (?:in|inside|included)", "included?", "come with"
    ),
}


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in re.findall(r"[a-z]{2,}", text.lower())}


#: Words that ask for no fact in particular, or for all of them.
_SAYS_NOTHING = _words(
    "about all am an and any anything are article as at be before best bit buy buying by can "
    "choose could describe description detail do does else everything explain feature for from "
    "get give good got had has have having hello help here hey hi how if in info information "
    "interested into is it item just know learn let like look looking make many me more much my "
    "need of ok on one or order other our out please pls product question really recommend say "
    "see should show so some something sort specs such tell than thank that the their them "
    "there these they thing think this those to want was we what when where whether which who "
    "why will with would yes you your"
)


#: Stands for what none of the facts speaks of.
UNKNOWN = "?"


def facts_asked(text: str, products: Sequence[Product]) -> list[str]:
    """The names of the facts that the words ask for, UNKNOWN if these products have none such;
    nothing where they ask for all there is."""
    names = "|".join(re.escape(product.name.removesuffix("s")) for product in products)
    left = re.sub(rf"\b(?:{names})s?\b", " ", text, flags=re.IGNORECASE)
    asked = [name for name, words in _ASKS.items() if words.search(left)]
    if asked:
        return asked
    wanted = (
        _words(left) - _SAYS_NOTHING - {word for each in products for word in _words(each.name)}
    )
    if not wanted:
        return []
    told = {
        name for each in products for name, fact in each.facts.items() if wanted <= _words(fact)
    }
    return sorted(told) or [UNKNOWN]


def fact_of(product: Product, name: str) -> str | None:
    """The fact in the shop's words; price and sizes count as facts too."""
    if name == "price":
        return money(product.price, product.currency)
    if name == "sizes":
        return listed([size for size in product.stock if size] or ["one size"])
    return product.facts.get(name)
