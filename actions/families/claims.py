"""What never came and what came broken: a claim, for the same again or for the money."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from actions import goods, wording
from actions.context.changes import Change
from actions.context.model import Order, OrderItem
from actions.families.orders import order_values, where_it_is
from actions.requests.heard import Heard
from actions.requests.request import (
    Answer,
    Case,
    Detail,
    Level,
    Outcome,
    Prepared,
    Proposal,
    Referral,
    Request,
)
from actions.say import PERSON, Say, choice

REPLACEMENT, REFUND = "replacement", "refund"
_MONTH = timedelta(days=30)
_AGAIN = re.compile(
    r"\b(?:again|resend|re-?send|replac\w*|new one|new ones|another|exchange|swap|same)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\b(?:refund\w*|money|cash|reimburs\w*|credit)\b", re.IGNORECASE)
#: So many words say more than that something is broken.
_TELLING = 6
_LONGEST = 500


async def _missing(case: Case) -> Outcome:
    order = case.chosen()
    refused = _not_missing(case, order)
    if refused is not None:
        return refused
    values = {**_values(case, order.total), "things": wording.items_text(order)}
    return _claim(case, "missing", None, order.total, values)


async def _damaged(case: Case) -> Outcome:
    order, item = case.chosen(), _item(case)
    refused = _not_covered(case, order)
    if refused is not None or item is None:
        return refused or Answer((where_it_is(case, order),))
    worth = item.unit_price * item.quantity
    values = {**_values(case, worth), "things": goods.line_title(item)}
    return _claim(case, "damaged", item.sku, worth, values)


def _claim(
    case: Case, kind: str, sku: str | None, worth: Decimal, values: dict[str, Any]
) -> Outcome:
    order, limits, wish = case.chosen(), case.policy.claim, case.details["wish"]
    told = {"order": order.number, "kind": kind, "sku": sku, "wish": wish}
    change = Change("open_claim", told)
    lately = sum(each.opened_at > case.now - _MONTH for each in case.known().claims)
    limit = wording.money(limits.most, order.currency)
    why = [f"{values['worth']} is above {limit}, the bot's limit"] if worth > limits.most else []
    why += [f"{lately} in the last 30 days already"] if lately >= limits.most_a_month else []
    if not why:
        ask, done = f"utter_confirm_{kind}_{wish}", f"utter_claimed_{wish}"
        return Proposal(change, Say(ask, values), Say(done, values))
    title = f"Claim for {values['things']} of order {order.number} ({kind}): {wish}"
    problem = case.details.get("problem")
    quoted = f" The customer's words: “{problem}”" if problem else ""
    return Referral(
        "needs_approval",
        f"{title}; {' and '.join(why)}.{quoted}",
        (Say("utter_claim_needs_approval", values),),
        (Prepared(title, " and ".join(why), change),),
    )


def _not_missing(case: Case, order: Order) -> Answer | None:
    """Why a parcel is not taken for missing, or not any more."""
    values, limits = _values(case, order.total), case.policy.claim
    claim = next((each for each in _claims(case) if each.kind == "missing"), None)
    if claim is not None:
        open_since = {**values, "reference": claim.reference, "wish": claim.wish}
        return Answer((Say("utter_claim_is_open", open_since, (PERSON,)),))
    if order.state == "lost":
        return None
    if order.state != "delivered":
        on_its_way = (Say("utter_not_delivered_yet", values),) if order.is_open else ()
        return Answer((*on_its_way, where_it_is(case, order)))
    if order.delivered_on is None:
        return None
    until = case.policy.working_day(order.delivered_on, limits.missing_after_working_days)
    if case.today <= until:
        return Answer(
            (Say("utter_missing_too_early", {**values, "until": wording.day_text(until)}),)
        )
    if case.today > order.delivered_on + timedelta(days=limits.days):
        return Answer((Say("utter_claim_too_late", {**values, "days": limits.days}, (PERSON,)),))
    return None


def _not_covered(case: Case, order: Order) -> Answer | None:
    """Why nothing of the order can be claimed as broken."""
    values = _values(case, order.total)
    if order.state != "delivered":
        not_there = (Say("utter_damaged_not_there", values, (PERSON,)),) if order.is_open else ()
        return Answer((*not_there, where_it_is(case, order)))
    claim = next((each for each in _claims(case) if each.kind == "damaged"), None)
    if claim is not None and len(order.items) == 1:
        open_since = {**values, "reference": claim.reference, "wish": claim.wish}
        return Answer((Say("utter_claim_is_open", open_since, (PERSON,)),))
    days = timedelta(days=case.policy.claim.guarantee_days)
    if order.delivered_on is not None and case.today > order.delivered_on + days:
        return Answer((Say("utter_guarantee_over", values, (PERSON,)),))
    return None


def _claims(case: Case) -> list[Any]:
    number = case.chosen().number
    return [each for each in case.known().claims if each.order_number == number]


def _values(case: Case, worth: Decimal) -> dict[str, Any]:
    order = case.chosen()
    return {
        **order_values(order),
        "worth": wording.money(worth, order.currency),
        "days": case.policy.refund.working_days,
        "delivered": wording.day_text(order.delivered_on) if order.delivered_on else "",
    }


def _item(case: Case) -> OrderItem | None:
    return goods.line_of(case.chosen(), case.details.get("item"))


def _ask_item(case: Case) -> Say:
    order = case.chosen()
    lines = (
        choice(goods.line_title(each), case.intent, goods.line_key(each)) for each in order.items
    )
    return Say("utter_ask_which_is_damaged", {"number": order.number}, tuple(lines))


def _read_item(case: Case, heard: Heard, asked: bool) -> Any:
    order = case.chosen()
    if not heard.typed:
        keys = {goods.line_key(line) for line in order.items}
        return heard.choice if heard.choice in keys else None
    named = goods.lines_named(heard.text, order) if heard.is_about(case.intent) else []
    return goods.line_key(named[0]) if len(named) == 1 else None


def _ask_problem(case: Case) -> Say:
    item = _item(case)
    return Say("utter_ask_what_is_wrong", {"thing": item.name if item else "it"})


def _read_problem(case: Case, heard: Heard, asked: bool) -> Any:
    """What is wrong, as the customer puts it: an agent reads it, nobody else."""
    if not heard.typed or heard.gives_up:
        return None
    text = " ".join(heard.text.split())[:_LONGEST]
    telling = heard.intent == case.intent and len(text.split()) >= _TELLING
    usable = any(each.isalnum() for each in text)
    return text if usable and (asked or (telling and "problem" not in case.details)) else None


def _ask_wish(case: Case) -> Say:
    again = choice("Send it again", case.intent, REPLACEMENT)
    refund = choice("Refund it", case.intent, REFUND)
    return Say("utter_ask_claim_wish", buttons=(again, refund))


def _read_wish(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return heard.choice if heard.choice in (REPLACEMENT, REFUND) else None
    if not heard.is_about(case.intent):
        return None
    again, money = bool(_AGAIN.search(heard.text)), bool(_MONEY.search(heard.text))
    return None if again == money else REPLACEMENT if again else REFUND


def _is_missing(case: Case) -> bool:
    return _not_missing(case, case.chosen()) is None


def _is_covered(case: Case) -> bool:
    return _not_covered(case, case.chosen()) is None


def _must_choose(case: Case) -> bool:
    return _is_covered(case) and len(case.chosen().items) > 1


def _may_be_missing(order: Order) -> bool:
    return order.state in ("delivered", "lost")


def _is_delivered(order: Order) -> bool:
    return order.state == "delivered"


REQUESTS = (
    Request(
        "missing_package",
        "a parcel that isn't there",
        Level.VERIFIED,
        _missing,
        _may_be_missing,
        (Detail("wish", _ask_wish, _read_wish, _is_missing),),
        facts=Say("utter_missing_package"),
    ),
    Request(
        "damaged_item",
        "something that came damaged",
        Level.VERIFIED,
        _damaged,
        _is_delivered,
        (
            Detail("item", _ask_item, _read_item, _must_choose),
            Detail("problem", _ask_problem, _read_problem, _is_covered),
            Detail("wish", _ask_wish, _read_wish, _is_covered),
        ),
        facts=Say("utter_damaged_item"),
    ),
)
