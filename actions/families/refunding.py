"""Sending money back without anything in return: by the bot within the policy, else prepared."""

from __future__ import annotations

from decimal import Decimal

from actions import wording
from actions.amounts import as_text
from actions.balance import refunded_lately
from actions.context.changes import Change
from actions.context.model import Order
from actions.limits import beyond as beyond_limit
from actions.requests.request import Case, Prepared, Proposal, Referral
from actions.say import Say


def give_back(
    case: Case,
    order: Order,
    amount: Decimal,
    *,
    reason: str,
    ask: Say,
    payment: str | None = None,
    beyond: str | None = None,
) -> Proposal | Referral:
    """The refund, to be agreed to, or to be approved where it is `beyond` what the bot may do."""
    change = Change(
        "refund",
        {"order": order.number, "amount": as_text(amount), "reason": reason, "payment": payment},
    )
    shown = wording.money(amount, order.currency)
    why = beyond or _beyond(case, amount, order.currency)
    if why is not None:
        title = f"Refund {shown} of order {order.number}"
        return Referral(
            "needs_approval",
            f"{title} ({reason}): {why}.",
            (Say("utter_refund_needs_approval", {"number": order.number, "amount": shown}),),
            (Prepared(title, why, change),),
        )
    values = {
        "number": order.number,
        "amount": shown,
        "days": case.policy.refund.working_days,
    }
    return Proposal(
        change, Say(ask.response, {**values, **ask.values}), Say("utter_refunded", values)
    )


def _beyond(case: Case, amount: Decimal, currency: str) -> str | None:
    """Why a person decides, in words for them; None where the bot may."""
    limits = case.policy.refund
    why = beyond_limit(case.policy, amount, currency, limits.most)
    if why is None and refunded_lately(case.known(), case.now) >= limits.most_a_month:
        return f"{limits.most_a_month} refunds in 30 days already, the bot's limit"
    return why
