"""Whether figures of some days differ from those of the days before by more than chance; pure.

Messages are not independent: a broken page makes hundreds write the same. Each test therefore also
measures how far the days before differ among themselves, and asks for more than that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

K = TypeVar("K")
WEEK = 7
# From here on the exact test says what the approximate one does, and takes longer.
EXACT_BELOW = 50


@dataclass(frozen=True, slots=True)
class Sample:
    """Some messages' values: how many there are, their sum and the sum of their squares. Of a yes
    or no, the last two are how many are a yes."""

    count: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else 0.0

    @property
    def variance(self) -> float:
        return max(self.squares / self.count - self.mean**2, 0.0) if self.count else 0.0


def summed(samples: Iterable[Sample]) -> Sample:
    """All of them together."""
    every = list(samples)
    return Sample(
        sum(one.count for one in every),
        sum(one.total for one in every),
        sum(one.squares for one in every),
    )


def scatter(days: Sequence[Sample]) -> float:
    """How many times more the days' means vary than their messages alone would make them; at
    least 1."""
    days = [day for day in days if day.count]
    every = summed(days)
    if len(days) < 2 or every.variance == 0:
        return 1.0
    apart = sum(day.count * (day.mean - every.mean) ** 2 for day in days)
    return max(apart / every.variance / (len(days) - 1), 1.0)


def mean_shift(now: Sample, days: Sequence[Sample]) -> float:
    """The p-value that the mean of `now` is that of the days before: Welch's test, with its error
    widened by the days' scatter and as many degrees of freedom as there are days, less one."""
    before = summed(days)
    error = math.sqrt(scatter(days) * (now.variance / now.count + before.variance / before.count))
    return two_sided(now.mean - before.mean, error, sum(day.count > 0 for day in days) - 1)


def share_shift(now: Sample, days: Sequence[Sample]) -> float:
    """The same of a share: the larger p-value of that test and of Fisher's exact one, which is
    right also when few are a yes."""
    before = summed(days)
    yes, every = now.total + before.total, now.count + before.count
    smaller = min(now.count, before.count) * min(yes, every - yes) / every
    if smaller >= EXACT_BELOW:
        return mean_shift(now, days)
    from scipy.stats import fisher_exact  # two seconds to import, which most commands need not take

    table = [[one.total, one.count - one.total] for one in (now, before)]
    exact = float(fisher_exact(table)[1])
    # Where no message before was a yes, the days say nothing of how far they scatter.
    return max(exact, mean_shift(now, days)) if before.variance else exact


@dataclass(frozen=True, slots=True)
class Volume:
    """How many messages weekdays bring, by whole weeks: the mean of each weekday, and how many
    times more the days scatter about it than Poisson's would."""

    means: tuple[float, ...]
    weeks: int
    scatter: float

    @property
    def freedom(self) -> int:
        return WEEK * (self.weeks - 1)

    def expected(self, places: Iterable[int]) -> tuple[float, float]:
        """How many come on these days in all, and the standard error of saying so; a day is its
        place after the first that the weeks began with."""
        mean = sum(self.means[place % WEEK] for place in places)
        return mean, math.sqrt(self.scatter * mean * (1 + 1 / self.weeks))


def volume_of(counts: Sequence[int]) -> Volume:
    """Of so many messages a day, over two whole weeks or more."""
    weeks = len(counts) // WEEK
    means = tuple(sum(counts[place::WEEK]) / weeks for place in range(WEEK))
    apart = sum(
        (count - means[place % WEEK]) ** 2 / means[place % WEEK]
        for place, count in enumerate(counts)
        if means[place % WEEK]
    )
    return Volume(means, weeks, max(apart / (WEEK * (weeks - 1)), 1.0))


def two_sided(difference: float, error: float, freedom: int) -> float:
    """Student's p-value of a difference with this standard error."""
    from scipy.special import stdtr

    if freedom < 1 or difference == 0:
        return 1.0
    if error == 0:
        return 0.0
    return float(2 * stdtr(freedom, -abs(difference) / error))


def margin(level: float, freedom: int) -> float:
    """How many standard errors a difference has to be for that p-value."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1 - level / 2))


def corrected(found: Mapping[K, float]) -> dict[K, float]:
    """Holm's correction: p-values that may be compared with a level that holds for all of them
    together."""
    adjusted: dict[K, float] = {}
    highest = 0.0
    for place, (key, p) in enumerate(sorted(found.items(), key=lambda one: one[1])):
        highest = max(highest, min(p * (len(found) - place), 1.0))
        adjusted[key] = highest
    return adjusted
