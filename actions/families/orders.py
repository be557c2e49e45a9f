"""Orders: where one is, and cancelling one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions import wording
from actions.context.changes import Change
from actions.context.model import Order
from actions.requests.request import (
    Answer,
    Case,
    Level,
    Outcome,
    Prepared,
    Proposal,
    Referral,
    Request,
)
from actions.say import PERSON, Button, Say

#: States in which a person can do more than the bot.
_TROUBLED = frozenset(("delayed", "lost"))


async def _track(case: Case) -> Outcome:
    order = case.chosen()
    buttons = (PERSON,) if order.state in _TROUBLED else ()
    return Answer((Say(f"utter_order_{order.state}", order_values(order), buttons),))


async def _cancel(case: Case) -> Outcome:
    order, limits = case.chosen(), case.policy.cancellation
    values = order_values(order)
    if order.state == "cancelled":
        return Answer((Say("utter_already_cancelled", values),))
    if order.state not in limits.until:
        return Answer((Say("utter_too_late_to_cancel", values, _instead(order)),))
    back = max(order.total - limits.fee, Decimal(0))
    values |= {
        "total": wording.money(order.total, order.currency),
        "fee": wording.money(limits.fee, order.currency),
        "back": wording.money(back, order.currency),
    }
    change = Change("cancel_order", {"order": order.number})
    if order.total > limits.most:
        title = f"Cancel order {order.number} for {values['total']}"
        why = f"above {wording.money(limits.most, case.policy.currency)}, the bot's limit"
        return Referral(
            "needs_approval",
            f"{title}: {why}.",
            (Say("utter_cancellation_needs_approval", values),),
            (Prepared(title, why, change),),
        )
    ask = "utter_confirm_cancel_for_fee" if limits.fee else "utter_confirm_cancel"
    return Proposal(change, Say(ask, values), Say("utter_cancelled", values))


def _instead(order: Order) -> tuple[Button, ...]:
    """What can be done with an order that cannot be cancelled any more."""
    if order.state == "delivered":
        return (Button("Send it back", f'/return_item{{"order_number":"{order.number}"}}'),)
    return (PERSON,) if order.is_open else ()


def _can_be_cancelled(order: Order) -> bool:
    return order.state == "placed"


def _is_open(order: Order) -> bool:
    return order.is_open


def order_values(order: Order) -> dict[str, Any]:
    """What texts about an order may name."""
    parcel, estimate = order.parcel, order.delivery_estimate
    return {
        "number": order.number,
        "items": wording.items_text(order),
        "estimate": wording.day_text(estimate) if estimate else "a day we don't know yet",
        "carrier": parcel.carrier if parcel else "the carrier",
        "tracking_code": parcel.tracking_code if parcel else "not given out yet",
        "event": wording.event_text(parcel.events[-1])
        if parcel and parcel.events
        else "no scan by the carrier yet",
    }


REQUESTS = (
    Request("track_order", "where your order is", Level.KNOWN, _track, suits=_is_open),
    Request("cancel_order", "cancelling an order", Level.VERIFIED, _cancel, _can_be_cancelled),
)
