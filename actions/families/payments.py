"""Trouble with a payment: what the customer's own payments say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from actions import balance, wording
from actions.context.model import Order, Payment
from actions.families.refund_tracking import told
from actions.families.refunding import give_back
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
    Unproven,
    any_order,
)
from actions.say import NO, PERSON, YES, Say

_TWICE = re.compile(
    r"\b(?:twice|double\w*|duplicat\w*|two (?:times|charges|payments)|2 ?x|second (?:time|charge|"
    r"payment)|again|three times)\b",
    re.IGNORECASE,
)
#: A payment that failed longer ago is not what somebody writes about today.
_RECENT = timedelta(days=3)
_MOST_SHOWN = 3
#: What to try, by words of the bank's reason.
_CURES = (
    ("expired", re.compile(r"expir", re.IGNORECASE)),
    ("funds", re.compile(r"enough money|insufficient|funds|limit", re.IGNORECASE)),
    ("check", re.compile(r"check|secure|authenticat|confirm|approv", re.IGNORECASE)),
)


async def _plan(case: Case) -> Outcome:
    if case.context is None:
        return Answer((Say("utter_payment_to_try", buttons=(PERSON,)),))
    payments = case.context.payments
    own = [each for each in payments if case.order and each.order_number == case.order.number]
    looks = (_failed, _pending, _doubled)
    if case.details.get("about") == "twice":
        looks = (_doubled, _given_back, _pending)
    # The order talked about is looked at first, but it may not be what this is about.
    found = (look(case, which) for which in (own, payments) for look in looks)
    return next((each for each in found if each is not None), None) or _fine(case, own or payments)


def _level(case: Case) -> Level:
    """General advice is for everybody."""
    general = case.context is None and case.details.get("look") != "yes"
    return Level.ANYONE if general else Level.KNOWN


def _doubled(case: Case, payments: Sequence[Payment]) -> Outcome | None:
    """An order that was paid twice, or paid and cancelled, with the money still here."""
    context = case.known()
    for order in _orders(case, payments):
        twice = balance.doubled(context, order)
        owed = balance.owed(context, order)
        if twice is not None:
            values = {"method": twice.method, "day": wording.dated(twice.at.date(), case.today)}
            ask = Say("utter_confirm_refund_of_double", values)
            back = partial(give_back, reason="charged twice", ask=ask, payment=twice.reference)
            return _once_proven(case, order, twice.amount, "utter_payment_doubled", back)
        if order.state == "cancelled" and owed > 0:
            ask = Say("utter_refund_cancelled")
            back = partial(give_back, reason="order cancelled", ask=ask)
            return _once_proven(case, order, owed, "utter_payment_for_cancelled", back)
    return None


def _once_proven(
    case: Case,
    order: Order,
    amount: Decimal,
    found: str,
    back: Callable[..., Proposal | Referral],
) -> Outcome:
    values = {"number": order.number, "amount": wording.money(amount, order.currency)}
    seen = Say(found, values)
    if case.level < Level.VERIFIED:
        return Unproven(Level.VERIFIED, (seen,))
    outcome = back(case, order, amount)
    if isinstance(outcome, Referral):
        return replace(outcome, say=(seen, *outcome.say))
    return outcome


def _given_back(case: Case, payments: Sequence[Payment]) -> Outcome | None:
    """The second payment of an order, on its way back already."""
    context = case.known()
    for order in _orders(case, payments):
        refunds = balance.refunds_of(context, order)
        if refunds and len(balance.taken(context, order)) > 1:
            return told(case, refunds)
    return None


def _failed(case: Case, payments: Sequence[Payment]) -> Outcome | None:
    """A try that failed lately, and whether a later one worked."""
    for place, payment in enumerate(payments):
        if payment.state != "failed" or payment.failure is None:
            continue
        if case.order is None and payment.at < case.now - _RECENT:
            return None
        values = _values(case, payment) | {
            "reason": payment.failure,
            "days": case.policy.refund.working_days,
        }
        later = (each for each in payments[:place] if each.state == "paid")
        worked = next((each for each in later if each.amount == payment.amount), None)
        if worked is not None:
            values |= {"number": worked.order_number}
            return Answer((Say("utter_payment_worked_later", values),))
        cure = next((name for name, words in _CURES if words.search(payment.failure)), "other")
        failed = Say("utter_payment_failed", values)
        return Answer((failed, Say(f"utter_payment_cure_{cure}", buttons=(PERSON,))))
    return None


def _pending(case: Case, payments: Sequence[Payment]) -> Outcome | None:
    """One that the bank has not settled yet."""
    payment = next((each for each in payments if each.state == "pending"), None)
    if payment is None:
        return None
    days = case.policy.refund.working_days
    values = _values(case, payment) | {"days": days}
    if payment.at > case.now - timedelta(days=days):
        return Answer((Say("utter_payment_pending", values),))
    evidence = (
        f"Payment {payment.reference} of {values['amount']} by {payment.method} is pending since "
        f"{values['day']}."
    )
    return Referral("beyond_policy", evidence, (Say("utter_payment_pending_long", values),))


def _fine(case: Case, payments: Sequence[Payment]) -> Outcome:
    """Nothing is wrong as far as the shop can see: what it sees is said."""
    values: dict[str, Any] = {"days": case.policy.refund.working_days}
    if not payments:
        return Answer((Say("utter_payment_none", values, (PERSON,)),))
    shown = "; ".join(_line(case, payment) for payment in payments[:_MOST_SHOWN])
    return Answer((Say("utter_payment_fine", values | {"payments": shown}, (PERSON,)),))


def _orders(case: Case, payments: Sequence[Payment]) -> list[Order]:
    numbers = dict.fromkeys(each.order_number for each in payments if each.order_number)
    return [order for number in numbers if (order := case.known().order(number))]


def _values(case: Case, payment: Payment) -> dict[str, Any]:
    return {
        "amount": wording.money(payment.amount, payment.currency),
        "method": payment.method,
        "day": wording.dated(payment.at.date(), case.today),
        "number": payment.order_number,
    }


def _line(case: Case, payment: Payment) -> str:
    values = _values(case, payment)
    order = f" for order {payment.order_number}" if payment.order_number else ""
    return f"{values['amount']} by {payment.method} on {values['day']}{order}, {payment.state}"


def _read_about(case: Case, heard: Heard, asked: bool) -> Any:
    return "twice" if heard.typed and _TWICE.search(heard.text) else None


def _ask_look(case: Case) -> Say:
    return Say("utter_ask_payment_look", {"days": case.policy.refund.working_days}, (YES, NO))


def _read_look(case: Case, heard: Heard, asked: bool) -> Any:
    if asked and (heard.says_yes or heard.order_number is not None):
        return "yes"
    return "no" if asked and heard.says_no else None


REQUESTS = (
    Request(
        "payment_issue",
        "a payment",
        _level,
        _plan,
        suits=any_order,
        details=(
            Detail("about", _ask_look, _read_about, optional=True),
            Detail("look", _ask_look, _read_look, needed=lambda case: case.context is None),
        ),
        needs_order=False,
    ),
)
