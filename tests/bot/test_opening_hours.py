"""When a team is there, over nights, weekends, holidays and the two days a year that are odd."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from bot.opening_hours import OpeningHours
from bot.queues import Queue

WEEK: dict[str, Any] = {
    "time_zone": "Europe/London",
    "open": {"monday": "09:00-17:00", "tuesday": ["09:00-12:00", "13:00-17:00"]},
}


def at(day: int, hour: int, minute: int = 0, *, month: int = 2) -> datetime:
    """A moment of 2026 in London's winter, which is UTC; 2 February is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=timezone.utc)


def test_it_is_open_from_the_first_minute_to_before_the_last() -> None:
    hours = OpeningHours.parse_obj(WEEK)
    for moment, expected in (
        (at(2, 8, 59), False),
        (at(2, 9), True),
        (at(2, 16, 59), True),
        (at(2, 17), False),
        (at(3, 12, 30), False),
        (at(4, 10), False),
    ):
        assert hours.is_open(moment) is expected, moment


def test_it_opens_again_after_the_night_the_week_and_a_holiday() -> None:
    holidays = {"2026-02-09": "closed", "2026-02-10": ["10:00-11:00"]}
    hours = OpeningHours.parse_obj({**WEEK, "holidays": holidays})
    assert hours.opens_at(at(2, 10)) == at(2, 10)
    assert hours.opens_at(at(2, 18)) == at(3, 9)
    assert hours.opens_at(at(3, 12, 30)) == at(3, 13)
    assert hours.opens_at(at(4, 10)) == at(10, 10)
    assert hours.opens_at(at(10, 12)) == at(16, 9)


def test_a_promise_counts_only_the_time_that_somebody_is_there() -> None:
    hours = OpeningHours.parse_obj(WEEK)
    assert hours.after(at(2, 16, 58), timedelta(minutes=10)) == at(3, 9, 8)
    assert hours.after(at(1, 3), timedelta(hours=8)) == at(2, 17)
    assert hours.after(at(3, 11, 50), timedelta(minutes=30)) == at(3, 13, 20)
    assert hours.after(at(4, 0), timedelta(days=60)) is None


def test_summer_time_moves_the_hours_as_it_moves_the_people() -> None:
    hours = OpeningHours.parse_obj({**WEEK, "open": {"sunday": "00:00-24:00"}})
    # 29 March 2026 has 23 hours in London, and begins in winter time.
    assert hours.after(at(29, 0, month=3), timedelta(hours=23)) == at(29, 23, month=3)
    assert hours.opens_at(at(29, 23, month=3)) == at(4, 23, month=4)


def test_a_queue_that_never_opens_says_so() -> None:
    hours = OpeningHours.parse_obj({**WEEK, "open": {}})
    assert hours.opens_at(at(2, 10)) is None
    assert not hours.is_open(at(2, 10))


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"time_zone": "London"}, "London"),
        ({"time_zone": "../etc"}, "time zone"),
        ({"open": {"monday": "9-17"}}, "9-17"),
        ({"open": {"monday": "17:00-09:00"}}, "midnight"),
        ({"open": {"monday": ["09:00-12:00", "11:00-13:00"]}}, "overlap"),
        ({"open": {"someday": "09:00-12:00"}}, "monday"),
        ({"holidays": {"Christmas": "closed"}}, "date"),
    ],
)
def test_what_cannot_be_hours_is_refused_and_named(wrong: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        OpeningHours.parse_obj({**WEEK, **wrong})


def test_a_service_level_says_when_a_reply_is_due_and_when_to_warn() -> None:
    level = {"first_reply_minutes": 20, "warn_at": 0.5}
    always = Queue.parse_obj({"name": "Support", "service_level": level})
    assert always.due(at(7, 3)) == (at(7, 3, 20), at(7, 3, 10))
    closed = Queue.parse_obj({"name": "Support", "service_level": level, "hours": WEEK})
    assert closed.due(at(7, 3)) == (at(9, 9, 20), at(9, 9, 10))
    assert Queue(name="Support").due(at(7, 3)) == (None, None)
