"""What was paid for an order, and what of it went back or is on its way."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from actions.context.model import CustomerContext, Order, Payment, Refund

#: The span in which the policy counts how often something was done.
MONTH = timedelta(days=30)
#: Orders the shop keeps no money for.
_VOID = frozenset(("cancelled", "returned"))


def taken(context: CustomerContext, order: Order) -> tuple[Payment, ...]:
    """The payments for the order that were made, newest first."""
    return tuple(
        payment
        for payment in context.payments
        if payment.order_number == order.number and payment.state in ("paid", "refunded")
    )


def refunds_of(context: CustomerContext, order: Order) -> tuple[Refund, ...]:
    """The order's refunds, newest first."""
    return tuple(each for each in context.refunds if each.order_number == order.number)


def left(context: CustomerContext, order: Order) -> Decimal:
    """What was paid and is not going back."""
    paid = sum((payment.amount for payment in taken(context, order)), Decimal(0))
    return paid - returning(context, order)


def returning(context: CustomerContext, order: Order) -> Decimal:
    """What went back or will; a refund that failed does neither."""
    counted = (each for each in refunds_of(context, order) if each.state != "failed")
    return sum((each.amount for each in counted), Decimal(0))


def owed(context: CustomerContext, order: Order) -> Decimal:
    """What was paid beyond the order's total, or for nothing."""
    due = Decimal(0) if order.state in _VOID else order.total
    return max(left(context, order) - due, Decimal(0))


def doubled(context: CustomerContext, order: Order) -> Payment | None:
    """The later of two payments of the same amount, if one of them is still owed back."""
    payments = taken(context, order)
    for place, payment in enumerate(payments):
        again = any(other.amount == payment.amount for other in payments[place + 1 :])
        if again and owed(context, order) >= payment.amount:
            return payment
    return None


def refunded_lately(context: CustomerContext, now: datetime) -> int:
    """How many refunds the customer asked for or was given within a month."""
    return sum(each.requested_at > now - MONTH for each in context.refunds)
