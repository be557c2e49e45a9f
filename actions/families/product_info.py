"""What is known of a product: quoted in the shop's own words, or said to be unknown."""

from __future__ import annotations

from typing import Any

from actions import wording
from actions.context.model import Product
from actions.families.which_product import WHICH, about, products_of
from actions.product_facts import UNKNOWN, fact_of, facts_asked
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Request
from actions.say import PERSON, Say

#: All facts of so many products are read, of more nobody reads them.
_WHOLE = 2


def _read_facts(case: Case, heard: Heard, asked: bool) -> Any:
    facts = facts_asked(heard.words_about(case.intent, asked), products_of(case))
    # "OK, then the boots" answers a question and asks for nothing unheard of.
    return facts if facts and (facts != [UNKNOWN] or heard.intent == case.intent) else None


async def _tell(case: Case) -> Outcome:
    products, asked = products_of(case), case.details.get("facts")
    if not products:
        return Answer((Say("utter_product_not_listed", buttons=(PERSON,)),))
    if asked is None:
        if len(products) > _WHOLE:
            names = wording.listed([product.name for product in products], "or")
            buttons = tuple(about(each.name, case.intent, each) for each in products)
            return Answer((Say("utter_which_of_these_products", {"names": names}, buttons),))
        return Answer(tuple(_all_of(product) for product in products))
    told = [say for product in products if (say := _fact(product, asked)) is not None]
    if told:
        return Answer(tuple(told))
    names = wording.listed([product.name for product in products])
    known = wording.listed(sorted({fact for product in products for fact in product.facts}))
    return Answer((Say("utter_fact_unknown", {"products": names, "known": known}, (PERSON,)),))


def _fact(product: Product, asked: list[str]) -> Say | None:
    found = {name: fact_of(product, name) for name in asked if name != UNKNOWN}
    quoted = [f"{name}: {fact}" for name, fact in found.items() if fact is not None]
    return Say("utter_product_facts", _values(product, quoted)) if quoted else None


def _all_of(product: Product) -> Say:
    return Say(
        "utter_product_facts",
        _values(product, [f"{name}: {fact}" for name, fact in product.facts.items()]),
        (about("Is it in stock?", "product_availability", product),),
    )


def _values(product: Product, facts: list[str]) -> dict[str, Any]:
    return {
        "product": product.name.capitalize(),
        "price": wording.money(product.price, product.currency),
        "facts": "; ".join(facts),
        "url": product.url,
    }


REQUESTS = (
    Request(
        "product_info",
        "a question about a product",
        Level.ANYONE,
        _tell,
        details=(WHICH, Detail("facts", WHICH.ask, _read_facts, optional=True)),
        sells=True,
    ),
)
