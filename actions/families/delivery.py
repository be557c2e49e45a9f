"""How long a delivery takes: that of the customer's own orders, or any."""

from __future__ import annotations

from actions import wording
from actions.families.orders import is_open, where_it_is
from actions.requests.request import Answer, Case, Level, Outcome, Request
from actions.say import Button, Say

#: More estimates than these are not read.
_MOST = 4


async def _period(case: Case) -> Outcome:
    if case.order is not None:
        return Answer((where_it_is(case, case.order),))
    orders = case.context.orders if case.context else ()
    awaited = [order for order in orders if order.is_open]
    if len(awaited) == 1:
        return Answer((where_it_is(case, awaited[0]),))
    track = Button("Track my order", "/track_order")
    if not awaited:
        return Answer((Say("utter_delivery_period", buttons=(track,)),))
    estimates = "\n".join(
        f"{order.number} ({wording.items_text(order)}): {wording.day_text(order.delivery_estimate)}"
        for order in awaited[:_MOST]
        if order.delivery_estimate
    )
    told = "utter_delivery_estimates" if estimates else "utter_delivery_period"
    return Answer((Say(told, {"estimates": estimates}, (track,)),))


REQUESTS = (
    Request(
        "delivery_period",
        "how long delivery takes",
        Level.ANYONE,
        _period,
        is_open,
        needs_order=False,
    ),
)
