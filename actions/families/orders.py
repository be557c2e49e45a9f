"""Orders: where one is, what cancelling it costs, and cancelling it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions import wording
from actions.amounts import as_text
from actions.balance import left
from actions.context.changes import Change
from actions.context.model import Order
from actions.limits import beyond
from actions.policy import current_policy
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
from actions.say import PERSON, Button, Say, about_order

#: What whoever waits for a parcel may want next, by the state it is in.
_NEXT: dict[str, tuple[tuple[str, str], ...]] = {
    "placed": (("Change it", "change_order"), ("Cancel it", "cancel_order")),
    "lost": (("Send it again or refund it", "missing_package"),),
    "delivered": (("It isn't here", "missing_package"), ("Send it back", "return_item")),
    "cancelled": (("Where's my refund?", "track_refund"),),
    "returned": (("Where's my refund?", "track_refund"),),
}
_ON_ITS_WAY = frozenset(("shipped", "out_for_delivery", "delayed"))


async def _track(case: Case) -> Outcome:
    return Answer((where_it_is(case, case.chosen()),))


def where_it_is(case: Case, order: Order) -> Say:
    """What is known of the order, with what can be done next."""
    late = order.is_open and order.delivery_estimate and order.delivery_estimate < case.today
    overdue = late and order.state not in ("delayed", "lost")
    told = f"utter_order_{'overdue' if overdue else order.state}"
    buttons = [
        about_order(title, intent, order.number) for title, intent in _NEXT.get(order.state, ())
    ]
    if late or order.state in ("delayed", "lost"):
        buttons.append(PERSON)
    return Say(told, order_values(order), tuple(buttons))


async def _cancel(case: Case) -> Outcome:
    order, limits = case.chosen(), case.policy.cancellation
    if not _can_be_cancelled(order):
        return Answer((_not_cancelled(case, order),))
    values = _cancellation(case, order)
    change = Change("cancel_order", {"order": order.number, "fee": as_text(_fee_of(case, order))})
    why = beyond(case.policy, order.total, order.currency, limits.most)
    if why is not None:
        title = f"Cancel order {order.number} for {values['total']}"
        return Referral(
            "needs_approval",
            f"{title}: {why}.",
            (Say("utter_cancellation_needs_approval", values),),
            (Prepared(title, why, change),),
        )
    kind = "" if left(case.known(), order) else "_unpaid"
    fee = "_for_fee" if limits.fee and not kind else ""
    ask, done = f"utter_confirm_cancel{kind or fee}", f"utter_cancelled{kind}"
    return Proposal(change, Say(ask, values), Say(done, values))


async def _fee(case: Case) -> Outcome:
    context, limits = case.context, case.policy.cancellation
    order = case.order
    if order is None and context is not None:
        possible = [each for each in context.orders if _can_be_cancelled(each)]
        order = possible[0] if len(possible) == 1 else None
    if order is None:
        fee = wording.money(limits.fee, case.policy.currency)
        told = "utter_cancellation_fee" if limits.fee else "utter_check_cancellation_fee"
        cancel = about_named(case, "Cancel an order", "cancel_order")
        return Answer((Say(told, {"fee": fee}, (cancel,)),))
    if not _can_be_cancelled(order):
        return Answer((_not_cancelled(case, order),))
    told = "utter_fee_of_order" if limits.fee else "utter_no_fee_for_order"
    cancel = about_order("Cancel it", "cancel_order", order.number)
    return Answer((Say(told, _cancellation(case, order), (cancel,)),))


def _not_cancelled(case: Case, order: Order) -> Say:
    """Why it cannot be cancelled any more, and what can be done instead."""
    values = {**order_values(order), "days": case.policy.returns.days}
    if order.state in ("cancelled", "returned", "lost", "delivered"):
        told, follow = f"utter_cancel_{order.state}", _NEXT[order.state][-1:]
        return Say(told, values, tuple(about_order(*each, order.number) for each in follow))
    told = "utter_cancel_on_its_way" if order.state in _ON_ITS_WAY else "utter_cancel_packed"
    return Say(told, values, (PERSON,))


def _cancellation(case: Case, order: Order) -> dict[str, Any]:
    fee = _fee_of(case, order)
    back = max(left(case.known(), order) - fee, Decimal(0))
    return {
        **order_values(order),
        "total": wording.money(order.total, order.currency),
        "fee": wording.money(fee, order.currency),
        "back": wording.money(back, order.currency),
        "days": case.policy.refund.working_days,
    }


def _fee_of(case: Case, order: Order) -> Decimal:
    """In the order's currency: what it comes to in another one, whoever approves it decides."""
    policy = case.policy
    return policy.cancellation.fee if order.currency == policy.currency else Decimal(0)


def _can_be_cancelled(order: Order) -> bool:
    return order.state in current_policy().cancellation.until


def about_named(case: Case, title: str, intent: str) -> Button:
    """A button for `intent`, about the order that was named, if one was: whoever is unknown yet
    need not name it again."""
    number = case.details["number"]
    return about_order(title, intent, number) if number else Button(title, f"/{intent}")


def _read_number(case: Case, heard: Heard, asked: bool) -> Any:
    return heard.order_number or ""


def _ask_number(case: Case) -> Say:
    return Say("utter_ask_order_number")


def is_open(order: Order) -> bool:
    """Whether the customer is still waiting for it."""
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


NAMED = Detail("number", _ask_number, _read_number)
REQUESTS = (
    Request("track_order", "where your order is", Level.KNOWN, _track, suits=is_open),
    Request("cancel_order", "cancelling an order", Level.VERIFIED, _cancel, _can_be_cancelled),
    Request(
        "check_cancellation_fee",
        "what cancelling costs",
        Level.ANYONE,
        _fee,
        _can_be_cancelled,
        (NAMED,),
        needs_order=False,
    ),
)
