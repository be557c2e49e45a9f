"""Parcels that never came, whatever the carrier says."""

from __future__ import annotations

from datetime import timedelta

from actions import goods, wording
from actions.context.model import Order
from actions.families.claims import (
    ask_wish,
    claim,
    claim_values,
    is_claimed,
    open_claim,
    read_wish,
)
from actions.families.orders import where_it_is
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Request
from actions.say import PERSON, Say


async def _missing(case: Case) -> Outcome:
    order = case.chosen()
    things = goods.lines_text(order.items)
    return _not_missing(case) or claim(case, "missing", things, order.total, sku=None, words=None)


def _not_missing(case: Case) -> Answer | None:
    """Why the parcel is not taken for missing, or no more is to be done about it."""
    order, values, limits = case.chosen(), claim_values(case), case.policy.claim
    there = open_claim(case, "missing")
    if there is not None:
        return is_claimed(case, there)
    if order.state == "lost":
        return None
    if order.state != "delivered":
        still = (Say("utter_not_delivered_yet", values),) if order.is_open else ()
        return Answer((*still, where_it_is(case, order)))
    if order.delivered_on is None:
        return None
    until = case.policy.working_day(order.delivered_on, limits.missing_after_working_days)
    if case.today <= until:
        day = wording.day_text(until)
        return Answer((Say("utter_missing_too_early", {**values, "until": day}),))
    if case.today > order.delivered_on + timedelta(days=limits.days):
        return Answer((Say("utter_claim_too_late", {**values, "days": limits.days}, (PERSON,)),))
    return None


def _is_missing(case: Case) -> bool:
    return _not_missing(case) is None


def _may_be_missing(order: Order) -> bool:
    return order.state in ("delivered", "lost")


REQUESTS = (
    Request(
        "missing_package",
        "a parcel that isn't there",
        Level.VERIFIED,
        _missing,
        _may_be_missing,
        (Detail("wish", ask_wish, read_wish, _is_missing),),
        facts=Say("utter_missing_package"),
    ),
)
