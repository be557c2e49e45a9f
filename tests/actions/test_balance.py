"""What was paid for an order, and what of it is owed back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from actions import balance
from actions.context.model import (
    Address,
    Customer,
    CustomerContext,
    Order,
    OrderState,
    Payment,
    PaymentState,
    Refund,
    RefundState,
)

NOW = datetime(2026, 6, 5, 12, tzinfo=timezone.utc)
ORDER = Order(
    number="10432",
    customer_reference="C-1",
    state="shipped",
    placed_at=NOW,
    total=Decimal("59.90"),
    currency="GBP",
    address=Address("1 Elm Grove", "Leeds", "LS1 1AA"),
    delivery_estimate=None,
    delivered_on=None,
    items=(),
    parcel=None,
    invoice=None,
)
CUSTOMER = Customer("C-1", "Ada", "ada@a.test", "", date(2020, 1, 1), None, False, None, ())


def paid(reference: str, amount: str = "59.90", state: PaymentState = "paid") -> Payment:
    return Payment(reference, "10432", Decimal(amount), "GBP", "Visa", state, None, NOW)


def refund(amount: str, state: RefundState = "sent", days_ago: int = 1) -> Refund:
    asked = NOW - timedelta(days=days_ago)
    return Refund("R-1", "10432", Decimal(amount), "GBP", state, "", asked, None, date(2026, 6, 9))


def context(payments: list[Payment], *refunds: Refund) -> CustomerContext:
    return CustomerContext(CUSTOMER, (ORDER,), tuple(payments), refunds, (), (), None, ())


def test_what_is_left_counts_no_failed_payment_and_no_failed_refund() -> None:
    known = context(
        [paid("P-2"), paid("P-1", state="failed"), paid("P-3", state="pending")],
        refund("9.90"),
        refund("20", "failed"),
    )
    assert balance.left(known, ORDER) == Decimal("50.00")
    assert balance.returning(known, ORDER) == Decimal("9.90")


def test_the_later_of_two_payments_is_owed() -> None:
    doubled = balance.doubled(context([paid("P-2"), paid("P-1")]), ORDER)
    assert doubled is not None
    assert doubled.reference == "P-2"


@pytest.mark.parametrize(
    "known",
    [
        context([paid("P-1")]),
        context([paid("P-2"), paid("P-1", state="failed")]),
        context([paid("P-2", "10.00"), paid("P-1", "49.90")]),
        context([paid("P-2"), paid("P-1", state="refunded")], refund("59.90")),
        context([paid("P-2"), paid("P-1")], refund("59.90", "requested")),
    ],
)
def test_nothing_is_owed_twice(known: CustomerContext) -> None:
    assert balance.doubled(known, ORDER) is None


@pytest.mark.parametrize(
    ("state", "owed"), [("shipped", "0"), ("cancelled", "59.90"), ("returned", "59.90")]
)
def test_for_an_order_that_is_void_all_is_owed(state: OrderState, owed: str) -> None:
    order = replace(ORDER, state=state)
    assert balance.owed(context([paid("P-1")]), order) == Decimal(owed)


def test_refunds_of_more_than_a_month_ago_no_longer_count() -> None:
    known = context([], refund("1", days_ago=29), refund("1", days_ago=31))
    assert balance.refunded_lately(known, NOW) == 1
