"""What was paid for an order, what of it is going back, and how more of it does."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from actions.context.demo.money import REFUND_DAYS
from actions.context.demo_changes.making import Making, Refused, new_reference
from actions.context.tables import payments, refunds

CALLED_OFF = "the order was cancelled"
_SIGNS = {"GBP": "£", "EUR": "€"}


def pence(amount: str) -> int:
    """5990 of `59.90`."""
    return int(Decimal(amount).scaleb(2))


def text(pence: int) -> str:
    """`59.90`."""
    return str(Decimal(pence).scaleb(-2))


def shown(pence: int, currency: str) -> str:
    """`£59.90`."""
    return f"{_SIGNS.get(currency, f'{currency} ')}{text(pence)}"


def left(making: Making, order: Any) -> int:
    """What was paid for the order and is not on its way back. The order's row has to be locked."""
    paid = sa.select(sa.func.sum(payments.c.amount_pence)).where(
        payments.c.order_number == order.number, payments.c.state.in_(("paid", "refunded"))
    )
    return (making.connection.scalar(paid) or 0) - returning(
        making, refunds.c.order_number == order.number
    )


def returning(making: Making, *which: sa.ColumnElement[bool]) -> int:
    """What is refunded already, or soon will be, of what these conditions say."""
    gone = sa.select(sa.func.sum(refunds.c.amount_pence)).where(refunds.c.state != "failed", *which)
    return making.connection.scalar(gone) or 0


def give_back(
    making: Making, order: Any, pence: int, *, reason: str, payment: str | None = None
) -> str:
    """Order a refund, which leaves with the shop's next run; its reference."""
    new = new_reference("R")
    making.connection.execute(
        sa.insert(refunds).values(
            reference=new,
            order_number=order.number,
            payment=payment,
            amount_pence=pence,
            currency=order.currency,
            state="requested",
            reason=reason,
            requested_at=making.moment,
            sent_on=None,
            expected_by=making.today + timedelta(days=REFUND_DAYS),
        )
    )
    return new


def settle(making: Making, order: Any, total: int) -> dict[str, str]:
    """Have what is missing of the order's new total paid, or what is too much given back; says
    which. The order's row has to be locked."""
    awaited = _pending(making, order)
    due = total - left(making, order) - sum(payment.amount_pence for payment in awaited)
    if due > 0:
        return {"payment": _charge(making, order, due), "to_pay": text(due)}
    for payment in awaited:
        # What has not been taken yet need not go back.
        less = min(-due, payment.amount_pence)
        _reduce(making, payment, less)
        due += less
    back = min(-due, left(making, order))
    if back <= 0:
        return {}
    refund = give_back(making, order, back, reason="order changed")
    return {"refund": refund, "refunded": text(back)}


def call_off(making: Making, order: Any) -> None:
    """What has not been taken yet for the order is not taken any more."""
    _turn_pending(making, order, ("pending", None), ("failed", CALLED_OFF))


def call_in(making: Making, order: Any) -> None:
    """What was called off is taken after all."""
    _turn_pending(making, order, ("failed", CALLED_OFF), ("pending", None))


def drop_pending(making: Making, payment: str) -> None:
    """Forget a payment that has not been taken yet; one that has is left as it is."""
    making.connection.execute(
        sa.delete(payments).where(payments.c.reference == payment, payments.c.state == "pending")
    )


def keep(making: Making, refund: str) -> None:
    """Take back a refund that has not left; Refused when it has."""
    found = making.locked(sa.select(refunds).where(refunds.c.reference == refund))
    if found.state != "requested" or found.sent_on is not None:
        raise Refused("too_late")
    making.connection.execute(sa.delete(refunds).where(refunds.c.reference == refund))


def _pending(making: Making, order: Any) -> list[Any]:
    awaited = sa.select(payments).where(
        payments.c.order_number == order.number, payments.c.state == "pending"
    )
    newest_first = awaited.order_by(payments.c.at.desc(), payments.c.reference)
    return list(making.connection.execute(newest_first))


def _turn_pending(
    making: Making, order: Any, old: tuple[str, str | None], new: tuple[str, str | None]
) -> None:
    state, failure = old
    these = sa.and_(
        payments.c.order_number == order.number,
        payments.c.state == state,
        payments.c.failure.is_not_distinct_from(failure),
    )
    turned = sa.update(payments).where(these).values(state=new[0], failure=new[1])
    making.connection.execute(turned)


def _charge(making: Making, order: Any, pence: int) -> str:
    methods = (
        sa.select(payments.c.method)
        .where(payments.c.order_number == order.number)
        .order_by(payments.c.at.desc())
    )
    new = new_reference("P")
    making.connection.execute(
        sa.insert(payments).values(
            reference=new,
            customer=order.customer,
            order_number=order.number,
            amount_pence=pence,
            currency=order.currency,
            method=making.connection.scalar(methods) or "invoice",
            state="pending",
            failure=None,
            at=making.moment,
        )
    )
    return new


def _reduce(making: Making, payment: Any, pence: int) -> None:
    this = payments.c.reference == payment.reference
    if pence == payment.amount_pence:
        making.connection.execute(sa.delete(payments).where(this))
    else:
        less = payment.amount_pence - pence
        making.connection.execute(sa.update(payments).where(this).values(amount_pence=less))
