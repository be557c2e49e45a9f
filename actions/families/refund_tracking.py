"""Where a refund is: asked for, sent, failed at the bank, or overdue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import wording
from actions.amounts import as_text
from actions.balance import refunds_of
from actions.context.changes import Change
from actions.context.model import Refund, Return
from actions.requests.request import (
    Answer,
    Case,
    Level,
    Outcome,
    Prepared,
    Referral,
    Request,
    any_order,
)
from actions.say import PERSON, Button, Say

#: More than this nobody reads.
MOST_TOLD = 3


async def _plan(case: Case) -> Outcome:
    context = case.known()
    refunds, returns = context.refunds, context.returns
    if case.order is not None:
        number = case.order.number
        own = refunds_of(context, case.order)
        coming = [each for each in returns if each.order_number == number]
        # The order talked about need not be the one that is meant.
        if own or coming or not refunds:
            return told(case, own) if own else _none(case, coming)
    return told(case, refunds) if refunds else _none(case, returns)


def told(case: Case, refunds: Sequence[Refund]) -> Answer | Referral:
    """What became of these, of which there is one at least: those that are not there yet, or else
    the newest. With one that is in trouble a person is needed."""
    under_way = [each for each in refunds if not _is_there(case, each)][:MOST_TOLD]
    says = tuple(_say(case, each) for each in under_way or refunds[:1])
    stuck = next((each for each in under_way if _trouble(case, each)), None)
    if stuck is None:
        return Answer(says)
    amount = wording.money(stuck.amount, stuck.currency)
    evidence = (
        f"Refund {stuck.reference} of {amount} for order {stuck.order_number}, asked for on "
        f"{wording.day_text(stuck.requested_at.date())}, {_trouble(case, stuck)}."
    )
    if stuck.state != "failed":
        return Referral("beyond_policy", evidence, says)
    change = Change(
        "refund",
        {
            "order": stuck.order_number,
            "amount": as_text(stuck.amount),
            "reason": f"refund {stuck.reference} failed",
            "payment": None,
        },
    )
    title = f"Refund {amount} of order {stuck.order_number} again"
    prepared = Prepared(title, f"refund {stuck.reference} failed at the bank", change)
    return Referral("needs_approval", evidence, says, (prepared,))


def _is_there(case: Case, refund: Refund) -> bool:
    return refund.state == "sent" and refund.expected_by < case.today


def _trouble(case: Case, refund: Refund) -> str | None:
    if refund.state == "failed":
        return "failed at the bank"
    if refund.state == "requested" and refund.expected_by < case.today:
        return f"has not left and was due by {wording.dated(refund.expected_by, case.today)}"
    return None


def _say(case: Case, refund: Refund) -> Say:
    kind: str = refund.state
    if _is_there(case, refund):
        kind = "arrived"
    elif kind == "requested" and _trouble(case, refund):
        kind = "late"
    values = {
        "reference": refund.reference,
        "number": refund.order_number,
        "amount": wording.money(refund.amount, refund.currency),
        "sent": wording.dated(refund.sent_on, case.today) if refund.sent_on else "",
        "expected": wording.dated(refund.expected_by, case.today),
    }
    return Say(f"utter_refund_status_{kind}", values, (PERSON,) if kind == "arrived" else ())


def _none(case: Case, returns: Sequence[Return]) -> Answer:
    """No refund yet; perhaps it waits for something on its way back."""
    coming = next((each for each in returns if not each.received_on and not each.new_size), None)
    values: dict[str, Any] = {"days": case.policy.refund.working_days}
    if coming is not None:
        values |= {"reference": coming.reference, "number": coming.order_number}
        return Answer((Say("utter_refund_after_return", values),))
    ask = Button("Get a refund", "/get_refund")
    return Answer((Say("utter_refund_none", values, (ask, PERSON)),))


REQUESTS = (
    Request(
        "track_refund",
        "where your refund is",
        Level.KNOWN,
        _plan,
        suits=any_order,
        needs_order=False,
        facts=Say("utter_track_refund_facts"),
    ),
)
