"""A figure as a report may show it: with how many messages it rests on, and how sure it is.

Below a fewest number of messages there is no figure: one of three says nothing, and looks as if it
did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from bot.insight.interval import wilson

FEWEST = 10
FEWEST_SPREAD = 50  # for what is computed over many messages at once, such as calibration
RESAMPLES = 200
Whole = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with the interval that holds the true one 95 times in 100; None: too few to say."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def too_few(n: int) -> Figure:
    """No value, and how few there were."""
    return Figure(None, None, None, n)


def share(part: int, of: int) -> Figure:
    """A share with Wilson's interval."""
    if of < FEWEST:
        return too_few(of)
    low, high = wilson(part, of)
    return _rounded(part / of, low, high, of)


def f1_score(right: int, missed: int, wrongly: int) -> Figure:
    """The harmonic mean of recall and precision of an intent; `n` counts its messages and those
    wrongly taken for it.

    It grows with right / (right + missed + wrongly), which is a share and has a share's interval.
    """
    of = right + missed + wrongly
    if of < FEWEST:
        return too_few(of)
    low, high = wilson(right, of)
    return _rounded(_f1_of(right / of), _f1_of(low), _f1_of(high), of)


def resampled(statistic: Callable[[Whole], float | None], n: int) -> Figure:
    """What `statistic` says of the places 0..n-1, with the interval of its bootstrap."""
    value = statistic(np.arange(n)) if n >= FEWEST_SPREAD else None
    if value is None:
        return too_few(n)
    chance = np.random.default_rng(0)
    said = (statistic(chance.integers(0, n, n)) for _ in range(RESAMPLES))
    low, high = np.quantile([one for one in said if one is not None], (0.025, 0.975))
    return _rounded(value, float(low), float(high), n)


def mcnemar(fixed: int, broken: int) -> float:
    """The exact two-sided chance of a difference this large between two that are equally good
    (McNemar 1947): each message that only one of them got right is a coin's toss."""
    return float(binomtest(fixed, fixed + broken).pvalue) if fixed + broken else 1.0


def significantly_above(part: int, of: int, rate: float) -> bool:
    """Whether so many of so many would come less than once in 20 times by chance at this rate."""
    return bool(of and binomtest(part, of, rate, alternative="greater").pvalue < 0.05)


def _f1_of(overlap: float) -> float:
    return 2 * overlap / (1 + overlap)


def _rounded(value: float, low: float, high: float, n: int) -> Figure:
    return Figure(round(value, 4), round(low, 4), round(high, 4), n)


def pair(old: Figure | None, new: Figure) -> dict[str, Any]:
    """Old beside new, as JSON."""
    return {"old": None if old is None else asdict(old), "new": asdict(new)}
