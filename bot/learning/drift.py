"""Drift: whether customers write otherwise than in the weeks before; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.learning.drift_log import FEWEST, DriftLog, Measure, is_alarm, span
from bot.learning.drift_range import DayFigures, drawn
from bot.learning.movers import Mover, movers_of
from bot.learning.shifts import WEEK, corrected, two_sided, volume_of
from bot.store.drift_days import DriftDay

LONGEST_COMPARISON = 5 * WEEK  # days that the verdict looks at
_MEANS: tuple[Measure, ...] = ("confidence", "refused")


@dataclass(frozen=True, slots=True)
class Change:
    """One measure of the last `days` full days beside the weeks before, None where there are no
    messages; of the volume, `before` is what as many such weekdays brought. `p` is corrected over
    all changes, and None where too little was written to say."""

    measure: Measure
    days: int
    now: float | None
    before: float | None
    p: float | None
    is_alarm: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """The log begins on `first`, and the last 7 full days on `since`; `weeks` is how many whole
    weeks before those are compared with."""

    first: date
    since: date
    weeks: int
    days: list[DayFigures]
    changes: list[Change]
    movers: list[Mover]

    @property
    def alarms(self) -> set[str]:
        """The measures that changed, and "intents" when one of them did."""
        found: set[str] = {change.measure for change in self.changes if change.is_alarm}
        return found | ({"intents"} if any(mover.alarms for mover in self.movers) else set())


def drift_of(figures: Sequence[DriftDay], *, today: date, first: date, shown: int) -> Drift:
    """Of the days' figures since `first`, when the log begins; `shown` days are drawn, today's
    last. The verdict is about days that are over."""
    log = DriftLog(figures, first)
    week = span(today, WEEK)
    # Also of the last day: days that have changed already must not make it look usual.
    before = log.weeks_before(week[0])
    days = [day for day in span(today + timedelta(days=1), shown) if day >= first]
    return Drift(
        first=first,
        since=week[0],
        weeks=len(before) // WEEK,
        days=drawn(log, days, before),
        changes=_changes(log, [week[-1:], week], before),
        movers=movers_of(log, week, before),
    )


def _changes(
    log: DriftLog, periods: Sequence[Sequence[date]], before: Sequence[date]
) -> list[Change]:
    found = [
        one
        for days in periods
        for one in (
            _volume(log, days, before),
            *(_mean(log, days, before, name) for name in _MEANS),
        )
    ]
    p = corrected({place: one.p for place, one in enumerate(found) if one.p is not None})
    return [
        Change(
            one.measure,
            one.days,
            one.now,
            one.before,
            p.get(place),
            one.now is not None
            and one.before is not None
            and is_alarm(one.measure, one.now, one.before, p.get(place)),
        )
        for place, one in enumerate(found)
    ]


def _mean(log: DriftLog, days: Sequence[date], before: Sequence[date], measure: Measure) -> Change:
    found = log.compared(days, before, measure)
    return Change(
        measure,
        len(days),
        found.now.mean if found.now.count else None,
        found.before.mean if found.before.count else None,
        found.p,
        is_alarm=False,
    )


def _volume(log: DriftLog, days: Sequence[date], before: Sequence[date]) -> Change:
    messages = sum(log.messages(day) for day in days)
    if not before:
        return Change("volume", len(days), messages, None, None, is_alarm=False)
    volume = volume_of([log.messages(day) for day in before])
    expected, error = volume.expected((day - before[0]).days for day in days)
    enough = max(messages, expected) >= FEWEST
    p = two_sided(messages - expected, error, volume.freedom) if enough else None
    return Change("volume", len(days), messages, expected, p, is_alarm=False)
