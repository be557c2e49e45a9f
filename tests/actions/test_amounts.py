"""Sums of money as customers write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions.amounts import amounts_in, as_text


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("refund me £12.50 please", "12.50", "GBP"),
        ("I want 20 quid back", "20", "GBP"),
        ("12,50 €", "12.50", "EUR"),
        ("12,50 euros", "12.50", "EUR"),
        ("EUR? no, 5 dollars", "5", "USD"),
        ("£1,299.00", "1299.00", "GBP"),
        ("50p", "0.50", "GBP"),
        ("-£20", "-20", "GBP"),
        ("£-20", "-20", "GBP"),
        ("minus 20 pounds", "-20", "GBP"),
        ("about 7", "7", None),
        ("£7.505", "7.505", "GBP"),
    ],
)
def test_one_sum(text: str, value: str, currency: str | None) -> None:
    (amount,) = amounts_in(text)
    assert (amount.value, amount.currency) == (Decimal(value), currency)


@pytest.mark.parametrize(
    "text", ["20% off", "order W-10432", "on 12.05.2026", "size XL", "", "12x", "1e9"]
)
def test_no_sum(text: str) -> None:
    assert amounts_in(text) == []


def test_several_in_their_order() -> None:
    found = amounts_in("I paid £189 and it's £149.99 now")
    assert [str(each.value) for each in found] == ["189", "149.99"]


def test_only_whole_pence_can_be_paid() -> None:
    (whole,), (odd,) = amounts_in("£7.50"), amounts_in("£7.505")
    assert whole.is_exact
    assert not odd.is_exact
    assert as_text(whole.value) == "7.50"
    assert as_text(Decimal("7")) == "7.00"
