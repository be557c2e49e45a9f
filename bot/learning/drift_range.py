"""Days as they are drawn: each figure with the range that the weeks before let expect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.learning.drift_log import LEVEL, DriftLog, Measure
from bot.learning.shifts import Sample, margin, scatter, summed, volume_of


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
    return [_figures(log, day, before) for day in days]


def _figures(log: DriftLog, day: date, before: Sequence[date]) -> DayFigures:
    expected: dict[Measure, Range] = {}
    means: dict[Measure, float | None] = {}
    if before:
        expected["volume"] = _volume(log, day, before)
    measures: tuple[Measure, ...] = ("confidence", "refused")
    for measure in measures:
        sample = log.sample(day, measure)
        means[measure] = sample.mean if sample.count else None
        samples = [log.sample(one, measure) for one in before]
        if sample.count and any(one.count for one in samples):
            expected[measure] = _range(sample.count, samples)
    return DayFigures(
        day, log.messages(day), means["confidence"], means["refused"], expected=expected
    )


def _volume(log: DriftLog, day: date, before: Sequence[date]) -> Range:
    volume = volume_of([log.messages(one) for one in before])
    mean, error = volume.expected([(day - before[0]).days])
    wide = margin(LEVEL, volume.freedom) * error
    return Range(max(mean - wide, 0.0), mean + wide)


def _range(count: int, days: Sequence[Sample]) -> Range:
    """Where the mean of so many messages is to be expected."""
    before = summed(days)
    error = math.sqrt(scatter(days) * before.variance * (1 / count + 1 / before.count))
    wide = margin(LEVEL, len(days) - 1) * error
    return Range(max(before.mean - wide, 0.0), min(before.mean + wide, 1.0))
