"""Intervals, against values that were computed by hand or stand in the literature."""

from __future__ import annotations

import pytest

from bot.insight.interval import Estimate, apart, differ, mean, ranks, share


def test_wilson_as_newcombe_has_it() -> None:
    """Newcombe 1998, Statistics in Medicine 17:857, table I: 81 of 263, and 0 of 20."""
    found = share(81, 263)
    assert found.low == pytest.approx(0.2553, abs=5e-5)
    assert found.high == pytest.approx(0.3662, abs=5e-5)
    none = share(0, 20)
    assert none.low == 0
    assert none.high == pytest.approx(0.1611, abs=5e-5)
    assert share(0, 0) == Estimate(0)


def test_a_difference_as_newcombe_has_it() -> None:
    """56 of 70 against 48 of 80: from 0.0524 to 0.3339, which leaves out 0; 9 of 10 against 3 of
    10 does too, and 5 of 10 against 3 of 10 does not."""
    assert differ(share(56, 70), share(48, 80)) is True
    assert differ(share(48, 80), share(56, 70)) is True
    assert differ(share(5, 10), share(3, 10)) is False
    assert differ(share(5, 10), share(0, 0)) is None


def test_means_have_students_interval() -> None:
    """Of 3, 4, 5: 4 and a deviation of 1, so 4 ± 4.303 / √3."""
    found = mean(12, 50, 3)
    assert found.value == 4
    assert found.low == pytest.approx(4 - 4.3027 / 3**0.5, abs=1e-3)
    assert mean(5, 25, 1) == Estimate(1, 5)
    assert mean(0, 0, 0) == Estimate(0)


def test_quantiles_are_between_values_in_order() -> None:
    """Of 100 values the median's interval is from the 40th to the 61st; of five there is none."""
    assert ranks(100, 0.5) == (50, 40, 61)
    assert ranks(5, 0.9) == (5, 3, None)
    assert ranks(1, 0.5) == (1, None, None)
    assert apart(Estimate(9, 5, 4, 6), Estimate(9, 8, 7, 9)) is True
    assert apart(Estimate(9, 5, 4, 6), Estimate(9, 6, 5, 9)) is False
    assert apart(Estimate(1, 5), Estimate(9, 6, 5, 9)) is None
