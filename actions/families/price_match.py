"""Matching a lower price: everything a person needs for it, ready to be approved."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from actions import wording
from actions.amounts import amounts_in, as_text
from actions.balance import left
from actions.context.changes import Change
from actions.context.model import OrderItem
from actions.goods import lines_named
from actions.requests.heard import Heard
from actions.requests.request import (
    Answer,
    Case,
    Detail,
    Level,
    Outcome,
    Prepared,
    Referral,
    Request,
    Wrong,
    any_order,
)
from actions.say import PERSON, Say, choice

_LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"]{3,200}|\b[\w-]{2,60}\.(?:co\.uk|com|uk|shop)\S*"
)
_OURS = re.compile(
    r"\b(?:your (?:own )?(?:site|shop|page|website|price)|you (?:lowered|reduced|dropped)|"
    r"price dropped|in (?:the |your )?sale|now it'?s|reduced now|got cheaper|same shop)\b",
    re.IGNORECASE,
)
OURS = "our own price"


async def _plan(case: Case) -> Outcome:
    order = case.chosen()
    refused = _why_not(case)
    if refused is not None:
        return refused
    item, price = _item(case), Decimal(case.details["price"])
    difference = item.unit_price - price
    values = {
        **_values(case),
        "item": item.name,
        "price": wording.money(price, order.currency),
        "paid": wording.money(item.unit_price, order.currency),
        "difference": wording.money(difference, order.currency),
    }
    if difference <= 0:
        return Answer((Say("utter_price_not_lower", values),))
    link = str(case.details["link"])
    amount = min(difference, left(case.known(), order))
    change = Change(
        "refund",
        {
            "order": order.number,
            "amount": as_text(amount),
            "reason": f"price match {item.name}: {values['price']}, {link}",
            "payment": None,
        },
    )
    title = f"Refund {values['difference']} of order {order.number}"
    why = f"to match {values['price']} for the {item.name}, bought at {values['paid']}"
    return Referral(
        "needs_approval",
        f"Price match for the {item.name} of order {order.number}: {values['price']} at {link}.",
        (Say("utter_price_match_prepared", values),),
        (Prepared(title, why, change),),
    )


def _why_not(case: Case) -> Answer | None:
    order, days = case.chosen(), case.policy.price_match.days
    if order.state in ("cancelled", "returned"):
        return Answer((Say("utter_price_match_void", _values(case)),))
    if (case.today - case.policy.day_of(order.placed_at)).days > days:
        return Answer((Say("utter_price_match_too_late", _values(case), (PERSON,)),))
    return None


def _may(case: Case) -> bool:
    return _why_not(case) is None


def _values(case: Case) -> dict[str, Any]:
    order = case.chosen()
    return {
        "number": order.number,
        "items": wording.items_text(order),
        "days": case.policy.price_match.days,
    }


def _item(case: Case) -> OrderItem:
    items = case.chosen().items
    sku = case.details.get("item")
    return next((item for item in items if item.sku == sku), items[0])


def _must_choose(case: Case) -> bool:
    return _may(case) and len(case.chosen().items) > 1


def _ask_item(case: Case) -> Say:
    items = case.chosen().items[:5]
    buttons = tuple(choice(item.name.capitalize(), case.intent, item.sku) for item in items)
    return Say("utter_ask_price_match_item", _values(case), buttons)


def _read_item(case: Case, heard: Heard, asked: bool) -> Any:
    order = case.chosen()
    if not heard.typed:
        return next((item.sku for item in order.items if item.sku == heard.choice), None)
    if not (asked or heard.is_about(case.intent)):
        return None
    named = lines_named(heard.text, order)
    return named[0].sku if len(named) == 1 else None


def _ask_price(case: Case) -> Say:
    return Say("utter_ask_lower_price", {"item": _item(case).name})


def _read_price(case: Case, heard: Heard, asked: bool) -> Any:
    """The lowest of the sums: "I paid £189 and now it's £149"."""
    if not heard.typed or not (asked or heard.is_about(case.intent)):
        return None
    currency = case.chosen().currency
    written = amounts_in(_LINK.sub(" ", heard.text))
    sums = [each for each in written if each.currency is not None or asked]
    if not sums:
        return None
    lowest = min(sums, key=lambda each: each.value)
    if lowest.currency not in (None, currency):
        names = {"number": case.chosen().number, "currency": wording.currency_name(currency)}
        return Wrong(Say("utter_amount_in_other_currency", names))
    if lowest.value <= 0:
        return Wrong(Say("utter_amount_not_positive"))
    return as_text(lowest.value) if lowest.is_exact else Wrong(Say("utter_amount_too_fine"))


def _ask_link(case: Case) -> Say:
    ours = choice("In your own shop", case.intent, OURS)
    return Say("utter_ask_price_link", buttons=(ours,))


def _read_link(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return OURS if heard.choice == OURS else None
    found = _LINK.search(heard.text)
    if found:
        return found[0].rstrip(".,;!?)")
    if not (asked or heard.is_about(case.intent)):
        return None
    if _OURS.search(heard.text):
        return OURS
    return heard.text.strip()[:150] if asked and not heard.gives_up else None


REQUESTS = (
    Request(
        "price_match",
        "matching a price",
        Level.VERIFIED,
        _plan,
        suits=any_order,
        details=(
            Detail("item", _ask_item, _read_item, needed=_must_choose),
            Detail("price", _ask_price, _read_price, needed=_may),
            Detail("link", _ask_link, _read_link, needed=_may),
        ),
        facts=Say("utter_price_match_facts", buttons=(PERSON,)),
    ),
)
