"""Things that came broken, or broke within the guarantee."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from actions import goods
from actions.context.model import Order, OrderItem
from actions.families.claims import (
    ask_wish,
    claim,
    claim_values,
    is_claimed,
    open_claim,
    read_wish,
)
from actions.families.lines import line_buttons, read_line
from actions.families.orders import where_it_is
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Request
from actions.say import PERSON, Say

#: Words that say no more than that something is broken.
_SAYS_NOTHING = frozenset(
    (
        *("hi", "hello", "please", "pls", "help", "order", "orders", "number", "parcel", "package"),
        *("item", "items", "thing", "things", "something", "product", "products", "goods", "stuff"),
        *("came", "come", "arrived", "arrive", "arrives", "got", "received", "sent", "ordered"),
        *("bought", "broken", "broke", "damaged", "damage", "faulty", "defective", "defect"),
        *("wrong", "bad", "new", "today", "yesterday", "just", "when", "what", "about", "claim"),
        *("guarantee", "warranty", "replace", "replacement", "refund", "repair", "repaired"),
        *("you", "your", "has", "have", "had", "was", "were", "been", "with", "from", "this"),
        *("that", "the", "and", "for", "one", "can", "how", "does", "did", "want", "need", "again"),
        *("money", "back", "also", "too", "well", "there", "it's", "its"),
    )
)
_LONGEST = 500


async def _damaged(case: Case) -> Outcome:
    refused = _not_covered(case)
    if refused is not None:
        return refused
    item = _item(case)
    words = case.details["problem"]
    worth = item.unit_price * item.quantity
    return claim(case, "damaged", goods.line_title(item), worth, sku=item.sku, words=words)


def _not_covered(case: Case) -> Answer | None:
    """Why nothing of the order can be claimed as broken."""
    order, values = case.chosen(), claim_values(case)
    if order.state != "delivered":
        told = (Say("utter_damaged_not_there", values, (PERSON,)),) if order.is_open else ()
        return Answer((*told, where_it_is(case, order)))
    there = open_claim(case, "damaged")
    if there is not None and len(order.items) == 1:
        return is_claimed(case, there)
    days = timedelta(days=case.policy.claim.guarantee_days)
    if order.delivered_on is not None and case.today > order.delivered_on + days:
        return Answer((Say("utter_guarantee_over", values, (PERSON,)),))
    return None


def _item(case: Case) -> OrderItem:
    item = goods.line_of(case.chosen(), case.details.get("item"))
    if item is None:
        raise LookupError("damaged_item planned before it is known what is damaged")
    return item


def _ask_item(case: Case) -> Say:
    number = case.chosen().number
    return Say("utter_ask_which_is_damaged", {"number": number}, line_buttons(case))


def _ask_problem(case: Case) -> Say:
    return Say("utter_ask_what_is_wrong", {"thing": _item(case).name})


def _read_problem(case: Case, heard: Heard, asked: bool) -> Any:
    """What is wrong, as the customer puts it: people read it, nothing here does."""
    if not heard.typed or heard.gives_up:
        return None
    text = " ".join(heard.text.split())[:_LONGEST]
    if not any(each.isalnum() for each in text):
        return None
    if asked:
        return text
    if heard.intent != case.intent or "problem" in case.details:
        return None
    # What was said of the boots is not said of the jumper that was meant instead.
    named = goods.lines_named(text, case.chosen())
    return text if _tells(text, _item(case)) and (not named or _item(case) in named) else None


def _tells(text: str, item: OrderItem) -> bool:
    """Whether it says more than that the item is broken."""
    words = re.findall(r"[a-z']{3,}", text.lower())
    name = {part.removesuffix("s") for part in item.name.lower().split()}
    return any(word not in _SAYS_NOTHING and word.removesuffix("s") not in name for word in words)


def _is_covered(case: Case) -> bool:
    return _not_covered(case) is None


def _must_choose(case: Case) -> bool:
    return _is_covered(case) and len(case.chosen().items) > 1


def _is_delivered(order: Order) -> bool:
    return order.state == "delivered"


REQUESTS = (
    Request(
        "damaged_item",
        "something that came damaged",
        Level.VERIFIED,
        _damaged,
        _is_delivered,
        (
            Detail("item", _ask_item, read_line, _must_choose),
            Detail("problem", _ask_problem, _read_problem, _is_covered),
            Detail("wish", ask_wish, read_wish, _is_covered),
        ),
        facts=Say("utter_damaged_item"),
    ),
)
