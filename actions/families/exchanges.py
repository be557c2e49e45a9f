"""Swapping something for another size of the same, as long as there is one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from actions.context.changes import Change
from actions.families.return_details import (
    GONE,
    ask_count,
    ask_things,
    must_choose,
    must_count,
    read_count,
    read_things,
)
from actions.families.returnable import chosen_things, is_delivered, order_values, why_not
from actions.families.returns import beyond, quantity_of, sent_back_lately
from actions.goods import size_in
from actions.requests.heard import Heard
from actions.requests.request import (
    Answer,
    Case,
    Detail,
    Level,
    Outcome,
    Proposal,
    Referral,
    Request,
    Wrong,
)
from actions.say import PERSON, Button, Say, choice

_WRONG_ITEM = re.compile(
    r"\b(?:wrong (?!size)\w+|somebody else'?s|someone else'?s|not what i ordered|"
    r"isn'?t what i ordered|two (?:left|right)|instead of (?:the|a|an|my)|never ordered)\b",
    re.IGNORECASE,
)
#: One size further in the product's own list: the direction, and the words for it.
_STEPS = (
    (1, re.compile(r"\b(?:bigger|larger|longer|(?:one|a|next) size up)\b", re.IGNORECASE)),
    (-1, re.compile(r"\b(?:smaller|shorter|(?:one|a|next) size down)\b", re.IGNORECASE)),
)
#: What does not fit is not what is wanted: "a size too small".
_COMPLAINT = re.compile(r"\btoo\s+(?:small|large|big|tight|wide|long|short)\b", re.IGNORECASE)
_LONGEST = 200


async def _plan(case: Case) -> Outcome:
    order = case.chosen()
    if "wrong" in case.details:
        words = case.details["wrong"]
        evidence = f"Order {order.number}: something else came than was ordered (“{words}”)."
        says = (Say("utter_exchange_wrong_item", order_values(case)),)
        return Referral("beyond_policy", evidence, says)
    refused = why_not(case)
    if refused is not None:
        return refused
    thing = chosen_things(case)[0]
    send_back = Button("Send it back", f'/return_item{{"order_number":"{order.number}"}}')
    values = {**order_values(case), "thing": thing.name, "size": thing.size or ""}
    if not _in_stock(case):
        why = "sold_out" if _other_sizes(case) else "no_sizes"
        return Answer((Say(f"utter_exchange_{why}", values, (send_back, PERSON)),))
    quantity, size = quantity_of(case, thing), str(case.details["size"])
    values |= {"things": thing.counted(quantity), "new_size": size}
    change = Change(
        "exchange_item",
        {"order": order.number, "sku": thing.sku, "quantity": quantity, "new_size": size},
    )
    if sent_back_lately(case) >= case.policy.returns.most_a_month:
        title = f"Exchange {values['things']} of order {order.number} for {size}"
        return beyond(case, title, [change])
    return Proposal(
        change,
        Say("utter_confirm_exchange", values),
        Say("utter_exchanged", values),
        document="label",
    )


def _read_one(case: Case, heard: Heard, asked: bool) -> Any:
    """The one thing that is meant: two sizes cannot be asked for at once."""
    found = read_things(case, heard, asked)
    if not isinstance(found, list) or len(found) == 1:
        return found
    return Wrong(Say("utter_exchange_one_at_a_time"))


def _other_sizes(case: Case) -> dict[str, int]:
    """The stock of the thing's other sizes, in their order."""
    thing = chosen_things(case)[0]
    product = next((each for each in case.products if each.sku == thing.sku), None)
    stock = product.stock if product else {}
    return {size: left for size, left in stock.items() if size and size != thing.size}


def _in_stock(case: Case) -> list[str]:
    thing = chosen_things(case)[0]
    wanted = quantity_of(case, thing)
    return [size for size, left in _other_sizes(case).items() if left >= wanted]


def _must_count(case: Case) -> bool:
    return must_count(case) and bool(_other_sizes(case))


def _must_size(case: Case) -> bool:
    return "wrong" not in case.details and why_not(case) is None and bool(_in_stock(case))


def _ask_size(case: Case) -> Say:
    thing = chosen_things(case)[0]
    sizes = tuple(choice(size, case.intent, size) for size in _in_stock(case))
    return Say("utter_ask_new_size", {"thing": thing.counted(1)}, sizes)


def _read_size(case: Case, heard: Heard, asked: bool) -> Any:
    """One of the product's other sizes, as long as there is one left."""
    if not (asked or heard.is_about(case.intent)):
        return None
    others = _other_sizes(case)
    size = _size_in(heard.text, case) if heard.typed else heard.choice
    if size not in others:
        return None
    if size not in _in_stock(case):
        left = ", ".join(_in_stock(case))
        return Wrong(Say("utter_new_size_sold_out", {"size": size, "left": left}))
    return size


def _size_in(text: str, case: Case) -> str | None:
    thing, text = chosen_things(case)[0], _COMPLAINT.sub(" ", text)
    others = list(_other_sizes(case))
    named = size_in(text, others)
    if named is not None or thing.size is None:
        return named
    product = next(each for each in case.products if each.sku == thing.sku)
    sizes = list(product.stock)
    step = next((step for step, words in _STEPS if words.search(text)), None)
    if step is None or thing.size not in sizes:
        return None
    place = sizes.index(thing.size) + step
    return sizes[place] if 0 <= place < len(sizes) else None


def _read_wrong(case: Case, heard: Heard, asked: bool) -> Any:
    """What the customer says of something else that came."""
    about = heard.typed and heard.intent == case.intent
    return heard.text.strip()[:_LONGEST] if about and _WRONG_ITEM.search(heard.text) else None


def _is_right(needed: Callable[[Case], bool]) -> Callable[[Case], bool]:
    """What the right thing came for."""
    return lambda case: "wrong" not in case.details and needed(case)


REQUESTS = (
    Request(
        "exchange_item",
        "an exchange",
        Level.VERIFIED,
        _plan,
        suits=is_delivered,
        details=(
            Detail("wrong", ask_things, _read_wrong, optional=True),
            GONE,
            Detail("things", ask_things, _read_one, needed=_is_right(must_choose)),
            Detail("quantity", ask_count, read_count, needed=_is_right(_must_count)),
            Detail("size", _ask_size, _read_size, needed=_must_size),
        ),
        facts=Say("utter_exchange_facts"),
        sells=True,
    ),
)
