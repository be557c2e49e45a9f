"""Refunds: getting money back for an order, in the way its state asks for."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from actions import balance, wording
from actions.amounts import Amount, amounts_in, as_text
from actions.context.model import Order
from actions.families.refund_tracking import told
from actions.families.refunding import give_back
from actions.requests.heard import Heard
from actions.requests.request import (
    Answer,
    Case,
    Detail,
    Level,
    Outcome,
    Request,
    Wrong,
    any_order,
)
from actions.say import PERSON, Button, Say, choice

_DELIVERY = re.compile(
    r"\b(?:delivery|shipping|postage|express|courier)\b(?:\s+(?:fee|charge|cost|price|money)s?)?"
    r"(?!\s+(?:address|date|day|time|note))",
    re.IGNORECASE,
)
#: What went wrong, as the record of the refund names it.
_REASONS = (
    ("It came late", re.compile(r"\b(?:late|delay\w*|too long|took (?:a|ages|weeks|for))\b", re.I)),
    ("Something was missing", re.compile(r"\b(?:missing|incomplete|only \w+ of|not all)\b", re.I)),
    (
        "It wasn't as described",
        re.compile(r"\b(?:described|description|photos?|pictures?|expected|quality)\b", re.I),
    ),
)
_LONGEST_REASON = 150
#: States of an order that has left the shop and may yet be, or was, delivered.
_GONE = frozenset(("shipped", "out_for_delivery", "delayed", "delivered"))


async def _plan(case: Case) -> Outcome:
    order = case.chosen()
    amount = Decimal(case.details["amount"]) if "amount" in case.details else None
    if amount == 0:
        return Answer((Say("utter_refund_no_delivery", _values(case, order), (PERSON,)),))
    if amount is not None and _is_part(order, amount):
        return _goodwill(case, order, amount)
    if order.state in ("cancelled", "returned", "lost"):
        return _owed(case, order)
    if order.state == "delivered":
        return _delivered(case, order)
    when = order.state if order.state in ("placed", "delayed") else "on_its_way"
    return Answer((Say(f"utter_refund_when_{when}", _values(case, order), _instead(order)),))


def _goodwill(case: Case, order: Order, amount: Decimal) -> Outcome:
    """A part of the price, for something that went wrong."""
    if amount > balance.left(case.known(), order):
        return Answer((Say("utter_refund_exceeds", _values(case, order), (PERSON,)),))
    days, since = case.policy.refund.days, order.delivered_on
    is_old = since is not None and case.today > since + timedelta(days=days)
    reason = str(case.details["reason"])
    return give_back(
        case,
        order,
        amount,
        reason=reason,
        ask=Say("utter_confirm_refund", {"reason": reason}),
        beyond=f"delivered more than {days} days ago" if is_old else None,
    )


def _owed(case: Case, order: Order) -> Outcome:
    """All that is left of a price that buys nothing."""
    context = case.known()
    left = balance.left(context, order)
    if left > 0:
        claim = next((each for each in context.claims if each.order_number == order.number), None)
        if claim is not None and order.state == "lost":
            values = _values(case, order) | {"reference": claim.reference}
            return Answer((Say("utter_refund_claimed", values, (PERSON,)),))
        return give_back(
            case, order, left, reason=f"order {order.state}", ask=Say(f"utter_refund_{order.state}")
        )
    refunds = balance.refunds_of(context, order)
    if refunds:
        return told(case, refunds)
    return Answer((Say("utter_refund_nothing_paid", _values(case, order), (PERSON,)),))


def _delivered(case: Case, order: Order) -> Outcome:
    values = _values(case, order)
    if order.delivered_on is None or case.today > order.delivered_on + timedelta(
        days=case.policy.returns.days
    ):
        broken = Button("It's broken", f'/damaged_item{{"order_number":"{order.number}"}}')
        return Answer((Say("utter_refund_too_late", values, (broken, PERSON)),))
    back = Button("Send it back", f'/return_item{{"order_number":"{order.number}"}}')
    return Answer((Say("utter_refund_by_return", values, (back, PERSON)),))


def _instead(order: Order) -> tuple[Button, ...]:
    if order.state == "placed":
        cancel = f'/cancel_order{{"order_number":"{order.number}"}}'
        return (Button("Cancel the order", cancel), PERSON)
    return (PERSON,)


def _is_part(order: Order, amount: Decimal) -> bool:
    """Whether it is money back for something that went wrong with an order that left the shop: for
    the price of a whole thing, the thing itself has to come back."""
    cheapest = min((item.unit_price for item in order.items), default=order.total)
    return order.state in _GONE and 0 < amount < cheapest


def _values(case: Case, order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "items": wording.items_text(order),
        "total": wording.money(order.total, order.currency),
        "days": case.policy.returns.days,
        "working_days": case.policy.refund.working_days,
    }


def _ask_amount(case: Case) -> Say:
    return Say("utter_ask_refund_amount", {"number": case.chosen().number})


def _read_amount(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return None
    order = case.chosen()
    written = [each for each in amounts_in(heard.text) if _is_sum(each, asked)]
    if len(written) == 1:
        problem = _problem(written[0], order)
        return Wrong(problem) if problem else as_text(written[0].value)
    if not written and (asked or heard.intent == case.intent) and _DELIVERY.search(heard.text):
        return as_text(_delivery_of(order))
    return None


def _is_sum(amount: Amount, asked: bool) -> bool:
    """A bare number of five digits is an order's."""
    return amount.currency is not None or (asked and not 10_000 <= amount.value < 100_000)


def _problem(amount: Amount, order: Order) -> Say | None:
    if amount.currency not in (None, order.currency):
        paid_in = {"number": order.number, "currency": wording.currency_name(order.currency)}
        return Say("utter_amount_in_other_currency", paid_in)
    if amount.value <= 0:
        return Say("utter_amount_not_positive")
    return None if amount.is_exact else Say("utter_amount_too_fine")


def _delivery_of(order: Order) -> Decimal:
    if order.invoice is not None:
        return order.invoice.delivery
    goods = sum((item.unit_price * item.quantity for item in order.items), Decimal(0))
    return max(order.total - goods, Decimal(0))


def _ask_reason(case: Case) -> Say:
    reasons = tuple(choice(reason, case.intent, reason) for reason, _ in _REASONS)
    amount = wording.money(str(case.details["amount"]), case.chosen().currency)
    return Say("utter_ask_refund_reason", {"amount": amount}, reasons)


def _read_reason(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return heard.choice
    if heard.text.rstrip().endswith("?") and not asked:
        return None
    found = [reason for reason, words in _REASONS if words.search(heard.text)]
    if found:
        return found[0]
    return heard.text.strip()[:_LONGEST_REASON] or None if asked and not heard.gives_up else None


def _wants_part(case: Case) -> bool:
    return _is_part(case.chosen(), Decimal(case.details.get("amount", 0)))


REQUESTS = (
    Request(
        "get_refund",
        "a refund",
        Level.VERIFIED,
        _plan,
        suits=any_order,
        details=(
            Detail("amount", _ask_amount, _read_amount, optional=True),
            Detail("reason", _ask_reason, _read_reason, needed=_wants_part, lasts=True),
        ),
        facts=Say("utter_refund_facts"),
    ),
)
