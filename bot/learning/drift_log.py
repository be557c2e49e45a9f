"""The log's figures by day and intent, as samples to compare; and when a difference is an alarm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.learning.shifts import WEEK, Sample, mean_shift, share_shift, summed
from bot.store.drift_days import DriftDay

Measure = Literal["volume", "confidence", "refused", "share"]
Test = Callable[[Sample, Sequence[Sample]], float]
TESTS: Mapping[Measure, Test] = {
    "confidence": mean_shift,
    "refused": share_shift,
    "share": share_shift,
}
LEVEL = 0.01  # of a false alarm a day: once over all measures, once over all intents
FEWEST = 30  # messages on each side of a comparison
# With many messages a difference that nobody would act on is significant too. Of the volume, a
# part of it.
WORTH: Mapping[Measure, float] = {
    "volume": 0.2,
    "confidence": 0.02,
    "refused": 0.02,
    "share": 0.01,
}
WEEKS_BEFORE = 4
FEWEST_WEEKS = 2


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure of some days and of the weeks before; `p` is None where too little was written."""

    now: Sample
    before: Sample
    p: float | None


class DriftLog:
    """Figures since `first`, when the log begins."""

    def __init__(self, figures: Iterable[DriftDay], first: date) -> None:
        self._first = first
        self._days: dict[date, dict[str, DriftDay]] = {}
        for one in figures:
            self._days.setdefault(one.day, {})[one.intent] = one
        # Asked for by every intent.
        self._messages = {
            day: sum(one.messages for one in rows.values()) for day, rows in self._days.items()
        }
        self.intents = sorted({intent for rows in self._days.values() for intent in rows} - {""})

    def weeks_before(self, day: date) -> list[date]:
        """The days of the whole weeks before that one, four at most; none while they are few."""
        weeks = min((day - self._first).days // WEEK, WEEKS_BEFORE)
        return span(day, weeks * WEEK) if weeks >= FEWEST_WEEKS else []

    def messages(self, day: date) -> int:
        return self._messages.get(day, 0)

    def sample(self, day: date, measure: Measure, intent: str | None = None) -> Sample:
        """The day's messages, or those of one intent; `share` is of all messages."""
        every = self._days.get(day, {})
        rows = (
            list(every.values()) if intent is None else [every[intent]] if intent in every else []
        )
        messages = sum(one.messages for one in rows)
        if measure == "share":
            return Sample(self.messages(day), messages, messages)
        if measure == "refused":
            refused = sum(one.refused for one in rows)
            return Sample(messages, refused, refused)
        sure = [one for one in rows if one.intent]
        return Sample(
            sum(one.messages for one in sure),
            sum(one.confidence for one in sure),
            sum(one.confidence_squares for one in sure),
        )

    def compared(
        self,
        days: Sequence[date],
        before: Sequence[date],
        measure: Measure,
        intent: str | None = None,
    ) -> Compared:
        samples = [self.sample(day, measure, intent) for day in before]
        now = summed(self.sample(day, measure, intent) for day in days)
        earlier = summed(samples)
        enough: float = min(now.count, earlier.count)
        if measure == "share" and enough:
            enough = max(now.total, earlier.mean * now.count)
        p = TESTS[measure](now, samples) if enough >= FEWEST else None
        return Compared(now, earlier, p)


def span(until: date, days: int) -> list[date]:
    """So many days before that one, in order."""
    return [until - timedelta(days=ago) for ago in range(days, 0, -1)]


def is_alarm(measure: Measure, now: float, before: float, p: float | None) -> bool:
    """Whether it moved by more than chance, and enough to matter; `p` is corrected."""
    worth = WORTH[measure] * (before if measure == "volume" else 1)
    return p is not None and p < LEVEL and abs(now - before) >= worth
