"""How long a delivery takes: that of the customer's own orders, or any."""

from __future__ import annotations

from actions import wording
from actions.families.orders import NAMED, about_named, is_open, where_it_is
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Request
from actions.say import Say, choice

#: More estimates than these are not read.
_MOST = 4
GENERAL = "general"


async def _period(case: Case) -> Outcome:
    in_general = case.details["scope"] == GENERAL
    if case.order is not None and not in_general:
        return Answer((where_it_is(case, case.order),))
    own = None if in_general else case.context
    awaited = [order for order in own.orders if order.is_open] if own else []
    if len(awaited) == 1:
        return Answer((where_it_is(case, awaited[0]),))
    track = about_named(case, "Track my order", "track_order")
    if not awaited:
        return Answer((Say("utter_delivery_period", buttons=(track,)),))
    estimates = "\n".join(
        f"{order.number} ({wording.items_text(order)}): {wording.day_text(order.delivery_estimate)}"
        for order in awaited[:_MOST]
        if order.delivery_estimate
    )
    told = "utter_delivery_estimates" if estimates else "utter_delivery_period"
    general = choice("Delivery in general", case.intent, GENERAL)
    return Answer((Say(told, {"estimates": estimates}, (track, general)),))


def _read_scope(case: Case, heard: Heard, asked: bool) -> str:
    return heard.choice or ""


def _ask_scope(case: Case) -> Say:
    return Say("utter_delivery_period")


REQUESTS = (
    Request(
        "delivery_period",
        "how long delivery takes",
        Level.ANYONE,
        _period,
        is_open,
        (NAMED, Detail("scope", _ask_scope, _read_scope)),
        needs_order=False,
    ),
)
