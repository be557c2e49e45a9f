"""Which signal leads, what it is about, and that nobody is asked twice."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from actions.context.model import Signal, SignalKind
from actions.signals import (
    MOST_ASKED,
    as_json,
    leading,
    not_asked,
    payload_about,
    read_signals,
    with_asked,
)

NOW = datetime(2026, 6, 5, 14, 0, tzinfo=timezone.utc)


def ago(minutes: float, kind: SignalKind = "payment_failed", about: str | None = None) -> Signal:
    return Signal(kind, NOW - timedelta(minutes=minutes), about)


@pytest.mark.parametrize(
    ("signals", "leads"),
    [
        ([], None),
        ([ago(31)], None),
        ([ago(11, "page_viewed", "T-1")], None),
        ([ago(5), ago(2, "parcel_delayed")], 1),
        ([ago(2, "parcel_delayed"), ago(5)], 0),
        ([ago(1, "page_viewed", "T-1"), ago(9)], 1),  # both fresh: the failure leads
        ([ago(1, "page_viewed", "T-1"), ago(29)], 0),  # the failure is much older
        ([ago(4, "page_viewed", "T-1"), ago(1, "page_viewed", "T-2")], 1),
        ([ago(31), ago(29, "checkout_error")], 1),
        ([ago(-0.5)], 0),  # the shop's clock is a little ahead
    ],
)
def test_the_newest_fresh_one_leads_and_a_page_never_before_a_failure_as_fresh(
    signals: list[Signal], leads: int | None
) -> None:
    assert leading(signals, NOW) == (None if leads is None else signals[leads])


@pytest.mark.parametrize(
    ("signal", "payload"),
    [
        (ago(1), "/payment_issue"),
        (ago(1, "checkout_error"), "/payment_issue"),
        (ago(1, "parcel_delayed", "10432"), '/track_order{"order_number": "10432"}'),
        (ago(1, "parcel_delayed", "W-10432"), '/track_order{"order_number": "10432"}'),
        (ago(1, "parcel_delayed", '10432"} /restart'), "/track_order"),
        (ago(1, "parcel_delayed"), "/track_order"),
        (ago(1, "page_viewed", "FF-130"), '/product_info{"choice": "ask FF-130|"}'),
        (ago(1, "page_viewed", 'a tent"}'), "/product_info"),
        (ago(1, "page_viewed", "/returns"), None),
        (ago(1, "page_viewed"), None),
    ],
)
def test_a_yes_takes_up_the_signals_request(signal: Signal, payload: str | None) -> None:
    assert payload_about(signal) == payload


def test_nobody_is_asked_twice_about_what_happens_again_within_minutes() -> None:
    asked = [ago(20)]
    again, other, later = ago(3), ago(3, about="10432"), ago(-15)
    assert not_asked([again, other, ago(3, "checkout_error")], asked) == (
        other,
        ago(3, "checkout_error"),
    )
    assert not_asked([later], asked) == (later,)
    assert not_asked([ago(1, "page_viewed", "/returns")], ()) == ()


def test_what_was_asked_is_remembered_within_bounds() -> None:
    slot: object = None
    for number in range(3 * MOST_ASKED):
        slot = with_asked(slot, ago(1, about=str(number)))
    kept = read_signals(slot)
    assert len(kept) == MOST_ASKED
    assert kept[-1].about == str(3 * MOST_ASKED - 1)


def test_what_was_written_is_read_and_anything_else_is_left_out() -> None:
    good = ago(1, "parcel_delayed", "10432")
    odd: list[object] = [
        None,
        "payment_failed",
        {},
        {"kind": "birthday", "at": NOW.isoformat()},
        {"kind": "payment_failed", "at": "yesterday"},
        {"kind": "payment_failed", "at": "2026-06-05T14:00:00"},
        {"kind": ["payment_failed"], "at": NOW.isoformat()},
    ]
    assert read_signals([*odd, as_json(good)]) == (good,)
    nothing: tuple[object, ...] = (None, "x", 1, {})
    for nonsense in nothing:
        assert read_signals(nonsense) == ()
