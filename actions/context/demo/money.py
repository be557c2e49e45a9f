"""The rows of payments and refunds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from actions.context import tables
from actions.context.demo.goods import Article
from actions.context.demo.orders import Placed, in_currency
from actions.context.demo.plan import DemoCustomer
from actions.context.demo.rows import Row, Rows

#: The shop's promise: within five working days, which make one week.
REFUND_DAYS = 7
_SENDING_DAYS = 2


def add_payments(rows: Rows, placed: Placed, today: date) -> None:
    """What was paid for the order, and its way back where it was cancelled, returned or doubled."""
    plan, at = placed.plan, placed.row["placed_at"]
    if plan.paid == "at_second_try":
        failed = _add_payment(rows, placed, at - timedelta(minutes=3))
        failed |= {"state": "failed", "failure": "the bank's own check was not completed"}
    payment = _add_payment(rows, placed, at)
    if plan.paid == "pending":
        payment["state"] = "pending"
    if plan.paid in ("twice", "twice_refunded"):
        second = _add_payment(rows, placed, at + timedelta(minutes=1))
        if plan.paid == "twice_refunded":
            refund = _add_refund(rows, placed, second, "paid twice", at + timedelta(hours=4), today)
            refund["payment"] = second["reference"]
    if plan.state == "cancelled":
        _add_refund(rows, placed, payment, "order cancelled", at + timedelta(hours=5), today)
    elif plan.state == "returned" and placed.last_scan:
        _add_refund(rows, placed, payment, "items sent back", placed.last_scan, today)


def add_failure(
    rows: Rows, customer: DemoCustomer, goods: Mapping[str, Article], now: datetime
) -> None:
    """A payment that failed and became no order, and the signal of it."""
    failure = customer.failed_payment
    if failure is None:
        return
    at = now - timedelta(minutes=failure.minutes_ago)
    rows[tables.payments].append(
        {
            "reference": _next(rows[tables.payments], "P-70"),
            "customer": customer.reference,
            "order_number": None,
            "amount_pence": in_currency(goods[failure.item].price, customer.currency),
            "currency": customer.currency,
            "method": failure.method,
            "state": "failed",
            "failure": failure.failure,
            "at": at,
        }
    )
    rows[tables.signals].append(
        {"customer": customer.reference, "kind": "payment_failed", "at": at, "about": None}
    )


def _add_payment(rows: Rows, placed: Placed, at: datetime) -> Row:
    order = placed.row
    payment: Row = {
        "reference": _next(rows[tables.payments], "P-70"),
        "customer": order["customer"],
        "order_number": order["number"],
        "amount_pence": order["total_pence"],
        "currency": order["currency"],
        "method": placed.plan.method,
        "state": "paid",
        "failure": None,
        "at": at,
    }
    rows[tables.payments].append(payment)
    return payment


def _add_refund(
    rows: Rows, placed: Placed, payment: Row, reason: str, requested_at: datetime, today: date
) -> Row:
    """The whole payment on its way back, as far as it can be by today."""
    requested_on = requested_at.date()
    sent_on = requested_on + timedelta(days=_SENDING_DAYS)
    is_sent = sent_on <= today and placed.plan.refund != "late"
    state = placed.plan.refund if is_sent else "requested"
    if state == "sent":
        payment["state"] = "refunded"
    refund: Row = {
        "reference": _next(rows[tables.refunds], "R-20"),
        "order_number": placed.row["number"],
        "payment": None,
        "amount_pence": payment["amount_pence"],
        "currency": payment["currency"],
        "state": state,
        "reason": reason,
        "requested_at": requested_at,
        "sent_on": sent_on if is_sent else None,
        "expected_by": requested_on + timedelta(days=REFUND_DAYS),
    }
    rows[tables.refunds].append(refund)
    return refund


def _next(rows: list[Row], prefix: str) -> str:
    return f"{prefix}{len(rows) + 1:03d}"
