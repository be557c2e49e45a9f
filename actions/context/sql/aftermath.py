"""What follows an order, out of the shop's rows: payments, refunds, returns and claims."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Literal, get_args

import sqlalchemy as sa

from actions.context.model import Claim, Payment, PaymentState, Refund, RefundState, Return
from actions.context.sql.fields import Fields
from actions.context.sql.mapping import Mapping
from actions.context.sql.orders import order_in

_PAYMENT_STATES: dict[str, PaymentState] = {state: state for state in get_args(PaymentState)}
_REFUND_STATES: dict[str, RefundState] = {state: state for state in get_args(RefundState)}
_KINDS: dict[str, Literal["missing", "damaged"]] = {"missing": "missing", "damaged": "damaged"}
_WISHES: dict[str, Literal["replacement", "refund"]] = {
    "replacement": "replacement",
    "refund": "refund",
}
_DAY = timedelta(days=1)


def read_payments(
    connection: sa.Connection, mapping: Mapping, reference: str, numbers: Collection[str]
) -> tuple[Payment, ...]:
    """Every try to pay, newest first."""
    rows = mapping.rows(connection, "payments", reference=reference)
    payments = [_payment(row, numbers) for row in rows]
    return tuple(sorted(payments, key=lambda payment: payment.at, reverse=True))


def read_refunds(
    connection: sa.Connection, mapping: Mapping, reference: str, numbers: Collection[str]
) -> tuple[Refund, ...]:
    """All money on its way back, newest first."""
    rows = mapping.rows(connection, "refunds", reference=reference)
    refunds = [_refund(row, numbers) for row in rows]
    return tuple(sorted(refunds, key=lambda refund: refund.requested_at, reverse=True))


def read_returns(
    connection: sa.Connection, mapping: Mapping, reference: str, numbers: Collection[str]
) -> tuple[Return, ...]:
    """Everything sent back, newest first."""
    rows = mapping.rows(connection, "returns", reference=reference)
    returns = [_return(row, numbers) for row in rows]
    return tuple(sorted(returns, key=lambda each: each.requested_at, reverse=True))


def read_claims(
    connection: sa.Connection, mapping: Mapping, reference: str, numbers: Collection[str]
) -> tuple[Claim, ...]:
    """Everything claimed, newest first."""
    claims = [
        Claim(
            reference=row.text("reference"),
            order_number=order_in(row, numbers),
            kind=row.code("kind", _KINDS),
            wish=row.code("wish", _WISHES),
            opened_at=row.moment("opened_at"),
        )
        for row in mapping.rows(connection, "claims", reference=reference)
    ]
    return tuple(sorted(claims, key=lambda claim: claim.opened_at, reverse=True))


def _payment(row: Fields, numbers: Collection[str]) -> Payment:
    return Payment(
        reference=row.text("reference"),
        order_number=order_in(row, numbers) if row.has("order_number") else None,
        amount=row.amount("amount"),
        currency=row.currency("currency"),
        method=row.text("method"),
        state=row.code("state", _PAYMENT_STATES),
        failure=row.text_or_none("failure"),
        at=row.moment("at"),
    )


def _refund(row: Fields, numbers: Collection[str]) -> Refund:
    state, sent_on = row.code("state", _REFUND_STATES), row.day_or_none("sent_on")
    requested_at, expected_by = row.moment("requested_at"), row.day("expected_by")
    earliest = (requested_at - _DAY).date()
    if sent_on and sent_on < earliest:
        raise row.wrong("sent_on", "holds a day before the refund was requested")
    if state == "sent" and sent_on is None:
        raise row.wrong("sent_on", "holds no day, and the state says it was sent")
    if expected_by < earliest:
        raise row.wrong("expected_by", "holds a day before the refund was requested")
    return Refund(
        reference=row.text("reference"),
        order_number=order_in(row, numbers),
        amount=row.amount("amount"),
        currency=row.currency("currency"),
        state=state,
        reason=row.text("reason"),
        requested_at=requested_at,
        sent_on=sent_on,
        expected_by=expected_by,
    )


def _return(row: Fields, numbers: Collection[str]) -> Return:
    requested_at, received_on = row.moment("requested_at"), row.day_or_none("received_on")
    if received_on and received_on < (requested_at - _DAY).date():
        raise row.wrong("received_on", "holds a day before the return was asked for")
    return Return(
        reference=row.text("reference"),
        order_number=order_in(row, numbers),
        sku=row.text("sku"),
        quantity=row.whole("quantity", least=1),
        new_size=row.text_or_none("new_size"),
        requested_at=requested_at,
        received_on=received_on,
    )
