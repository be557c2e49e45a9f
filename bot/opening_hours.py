"""When a queue's team is there: weekly hours and holidays in a time zone. Pure: no clock.

Times are counted in open spans, so that a promise of ten minutes given two minutes before closing
ends eight minutes after the next opening; spans are made day by day on the zone's own clock, so
that a change to summer time moves them as it moves the people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, validator

from bot.strict import Strict

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
CLOSED = "closed"
# Looked no further: a queue that does not open for a year has no hours to speak of.
LONGEST_LOOK = timedelta(days=366)


class Span(NamedTuple):
    """Part of a day, in minutes since midnight."""

    opens: int
    closes: int


class OpeningHours(Strict):
    """A weekday that is not named is closed; a holiday's own hours stand in for its weekday's."""

    time_zone: str
    open: dict[Weekday, tuple[Span, ...]]
    holidays: dict[date, tuple[Span, ...]] = Field(default_factory=dict)

    @validator("time_zone")
    def _is_known(cls, name: str) -> str:  # noqa: N805 - pydantic's convention
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"there is no time zone '{name}': one such as Europe/London is expected"
            ) from None
        return name

    @validator("open", "holidays", pre=True)
    def _are_spans(cls, days: Any) -> Any:  # noqa: N805
        return (
            {day: _spans(day, said) for day, said in days.items()}
            if isinstance(days, dict)
            else days
        )

    def is_open(self, at: datetime) -> bool:
        return next((opens <= at for opens, _ in self._spans_from(at)), False)

    def opens_at(self, at: datetime) -> datetime | None:
        """When it next opens, `at` itself while it is open; None if not within a year."""
        return next((max(opens, at) for opens, _ in self._spans_from(at)), None)

    def after(self, since: datetime, open_time: timedelta) -> datetime | None:
        """The moment when it has been open for so long since then; None if not within a year."""
        left = open_time
        for opens, closes in self._spans_from(since):
            begins = max(opens, since)
            if closes - begins >= left:
                return begins + left
            left -= closes - begins
        return None

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open spans that end after then, in order, in UTC."""
        zone = ZoneInfo(self.time_zone)
        day = at.astimezone(zone).date()
        for _ in range(LONGEST_LOOK.days):
            usual = self.open.get(WEEK[day.weekday()], ())
            for span in self.holidays.get(day, usual):
                closes = _moment(day, span.closes, zone)
                if closes > at:
                    yield _moment(day, span.opens, zone), closes
            day += timedelta(days=1)


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    later, minute = divmod(minute, 24 * 60)
    there = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    return (there + timedelta(days=later)).astimezone(timezone.utc)


def _spans(day: object, said: object) -> tuple[Span, ...]:
    if said == CLOSED:
        return ()
    spans = tuple(_span(day, one) for one in (said if isinstance(said, list) else [said]))
    for before, after in pairwise(spans):
        if after.opens < before.closes:
            raise ValueError(f"{day}: the times overlap, or are not in order")
    return spans


def _span(day: object, said: object) -> Span:
    found = SPAN.fullmatch(str(said).strip())
    if found is None:
        raise ValueError(
            f"{day}: '{said}' is no time: write 09:00-17:30, several in [ ], or closed"
        )
    hour, minute, until_hour, until_minute = (int(part or 0) for part in found.groups())
    closes = until_hour * 60 + until_minute if found[3] else 24 * 60
    if closes <= hour * 60 + minute:
        raise ValueError(f"{day}: '{said}' ends before it begins; split it at midnight")
    return Span(hour * 60 + minute, closes)
