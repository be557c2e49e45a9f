"""How far a figure can be trusted: 95 % intervals, and whether two figures differ by more than
chance. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt

from scipy.special import stdtrit

Z = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over `n`, between `low` and `high` with 95 % certainty; None where `n` is too small
    to say."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def share(count: int, n: int) -> Estimate:
    """A share of `n` with Wilson's interval."""
    return Estimate(n, count / n, *wilson(count, n)) if n else Estimate(0)


def wilson(count: int, n: int) -> tuple[float, float]:
    """Wilson's interval (1927) of `count` of `n`, which must not be 0: honest also for few and for
    shares near 0 and 1."""
    p = count / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def mean(total: float, squares: float, n: int) -> Estimate:
    """Student's interval, from the sum and the sum of squares."""
    if n == 0:
        return Estimate(0)
    middle = total / n
    if n == 1:
        return Estimate(1, middle)
    variance = max(squares - total * middle, 0.0) / (n - 1)
    half = float(stdtrit(n - 1, 0.975)) * sqrt(variance / n)
    return Estimate(n, middle, middle - half, middle + half)


def ranks(n: int, q: float) -> tuple[int, int | None, int | None]:
    """Which of `n` values in order, the first is 1, are the quantile and the ends of its interval,
    from how many of the values lie below the quantile (normal approximation of the binomial)."""
    at = min(max(ceil(n * q), 1), n)
    half = Z * sqrt(n * q * (1 - q))
    low, high = floor(n * q - half), ceil(n * q + half) + 1
    return at, low if low >= 1 else None, high if high <= n else None


def differ(one: Estimate, other: Estimate) -> bool | None:
    """Whether the interval of the difference leaves out 0: Newcombe's, from both intervals."""
    a, b = _known(one), _known(other)
    if a is None or b is None:
        return None
    gap = a[0] - b[0]
    low = gap - sqrt((a[0] - a[1]) ** 2 + (b[2] - b[0]) ** 2)
    high = gap + sqrt((a[2] - a[0]) ** 2 + (b[0] - b[1]) ** 2)
    return low > 0 or high < 0


def apart(one: Estimate, other: Estimate) -> bool | None:
    """Whether the intervals of two quantiles do not touch: says less often that they differ than
    it could, never more often."""
    a, b = _known(one), _known(other)
    if a is None or b is None:
        return None
    return a[1] > b[2] or b[1] > a[2]


def _known(one: Estimate) -> tuple[float, float, float] | None:
    if one.value is None or one.low is None or one.high is None:
        return None
    return one.value, one.low, one.high
