"""Days as they are drawn: each figure with the range that the weeks before let expect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.learning.drift_log import LEVEL, DriftLog, Measure
from bot.learning.shifts import Sample, Volume, margin, scatter, summed, volume_of

_MEANS: tuple[Measure, ...] = ("confidence", "refused")


@dataclass(frozen=True, slots=True)
class Range:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A day's messages, their mean confidence and the share refused (None without messages), each
    with what was to be expected, where there are weeks enough to say."""

    day: date
    messages: int
    confidence: float | None
    refused: float | None
    expected: Mapping[Measure, Range]


def drawn(log: DriftLog, days: Sequence[date], before: Sequence[date]) -> list[DayFigures]:
    """The days beside what `before`, whole weeks or nothing, let expect of each."""
    volume = volume_of([log.messages(day) for day in before]) if before else None
    samples = {measure: [log.sample(day, measure) for day in before] for measure in _MEANS}
    found = []
    for day in days:
        now = {measure: log.sample(day, measure) for measure in _MEANS}
        expected: dict[Measure, Range] = {
            measure: _range(sample.count, samples[measure])
            for measure, sample in now.items()
            if sample.count and any(one.count for one in samples[measure])
        }
        if volume is not None:
            expected["volume"] = _volume(volume, (day - before[0]).days)
        sure, refused = (one.mean if one.count else None for one in now.values())
        found.append(DayFigures(day, log.messages(day), sure, refused, expected=expected))
    return found


def _volume(volume: Volume, place: int) -> Range:
    mean, error = volume.expected([place])
    wide = margin(LEVEL, volume.freedom) * error
    return Range(max(mean - wide, 0.0), mean + wide)


def _range(count: int, days: Sequence[Sample]) -> Range:
    """Where the mean of so many messages is to be expected."""
    before = summed(days)
    error = math.sqrt(scatter(days) * before.variance * (1 / count + 1 / before.count))
    wide = margin(LEVEL, len(days) - 1) * error
    return Range(max(before.mean - wide, 0.0), min(before.mean + wide, 1.0))
