"""Tests of one difference, by figures worked out by hand."""

from __future__ import annotations

import math

import pytest

from bot.learning.shifts import (
    Sample,
    corrected,
    margin,
    mean_shift,
    scatter,
    share_shift,
    two_sided,
    volume_of,
)


def share(yes: int, every: int) -> Sample:
    return Sample(every, yes, yes)


def test_students_t_is_that_of_the_tables() -> None:
    assert two_sided(2.0518, 1, 27) == pytest.approx(0.05, abs=1e-4)
    assert two_sided(-2.8314, 1, 21) == pytest.approx(0.01, abs=1e-4)
    assert margin(0.01, 21) == pytest.approx(2.8314, abs=1e-4)
    assert two_sided(0, 0, 5) == 1
    assert two_sided(1, 0, 5) == 0
    assert two_sided(1, 1, 0) == 1


def test_few_messages_are_judged_exactly() -> None:
    # Fisher's tea: all of four right, against none of four: 2 of the 70 ways to choose four.
    assert share_shift(share(4, 4), [share(0, 2), share(0, 2)]) == pytest.approx(2 / 70)
    assert share_shift(share(3, 4), [share(0, 2), share(1, 2)]) == pytest.approx(34 / 70)


def test_days_that_differ_among_themselves_make_the_same_difference_less_telling() -> None:
    steady = [share(20, 100)] * 14
    restless = [share(10, 100), share(30, 100)] * 7
    assert scatter(steady) == 1
    # Each day is 10 off 20 of 100, whose variance is 16: 100 / 16 * 14 / 13.
    assert scatter(restless) == pytest.approx(100 / 16 * 14 / 13)
    now = share(290, 1000)
    assert share_shift(now, steady) < 0.001
    assert share_shift(now, restless) > 0.01


def test_a_mean_is_compared_by_its_standard_error() -> None:
    # Values of 0.8 and 1.0 in equal parts: variance 0.01 on both sides.
    before = [Sample(100, 90.0, 82.0)] * 15
    now = Sample(100, 88.0, 78.44)
    error = math.sqrt(now.variance / 100 + 0.01 / 1500)
    assert mean_shift(now, before) == pytest.approx(two_sided(0.02, error, 14))


def test_a_volume_is_expected_by_weekday() -> None:
    volume = volume_of([100, 100, 100, 100, 100, 20, 10] * 4)
    assert volume.freedom == 21
    assert volume.scatter == 1
    assert volume.expected([5]) == pytest.approx((20, math.sqrt(20 * 1.25)))
    assert volume.expected(range(28, 35))[0] == 530
    # Each day is 20 off its weekday's mean of 100: 28 * 400 / 100 over 21 degrees of freedom.
    assert volume_of([*[80] * 7, *[120] * 7] * 2).scatter == pytest.approx(28 * 4 / 21)


def test_holms_correction() -> None:
    assert corrected({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx(
        {"a": 0.03, "c": 0.06, "b": 0.06}
    )
    assert corrected({"a": 0.9, "b": 0.8}) == {"b": 1, "a": 1}
    assert corrected({}) == {}
