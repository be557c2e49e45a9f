"""Figures with their intervals, against known ones; McNemar's test against the coin."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from bot.learning.figures import (
    FEWEST,
    FEWEST_SPREAD,
    f1_score,
    mcnemar,
    pair,
    resampled,
    share,
    significantly_above,
)


@pytest.mark.parametrize(("part", "of"), [(0, 12), (7, 12), (12, 12), (941, 1000)])
def test_a_share_has_wilsons_interval(part: int, of: int) -> None:
    figure = share(part, of)
    expected = binomtest(part, of).proportion_ci(method="wilson")
    assert figure.value == pytest.approx(part / of, abs=1e-4)
    assert (figure.low, figure.high) == pytest.approx((expected.low, expected.high), abs=1e-4)


def test_too_few_say_nothing_but_how_few_they_are() -> None:
    assert share(FEWEST - 1, FEWEST - 1).value is None
    assert share(FEWEST - 1, FEWEST - 1).n == FEWEST - 1
    assert share(0, 0).value is None
    assert f1_score(3, 3, 3).value is None
    assert resampled(lambda at: 1.0, FEWEST_SPREAD - 1).value is None
    assert resampled(lambda at: None, FEWEST_SPREAD).value is None


def test_f1_is_that_of_precision_and_recall_and_lies_in_its_interval() -> None:
    figure = f1_score(right=80, missed=20, wrongly=5)
    precision, recall = 80 / 85, 80 / 100
    assert figure.value == pytest.approx(2 * precision * recall / (precision + recall), abs=1e-4)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.value is not None
    assert figure.low < figure.value < figure.high


def test_a_bootstraps_interval_holds_the_mean() -> None:
    values = np.random.default_rng(3).normal(0.5, 0.1, 400)
    figure = resampled(lambda at: float(values[at].mean()), len(values))
    reach = 1.96 * values.std() / 20
    assert (figure.low, figure.high) == pytest.approx(
        (values.mean() - reach, values.mean() + reach), abs=0.004
    )


@pytest.mark.parametrize(
    ("fixed", "broken", "p"), [(0, 0, 1.0), (1, 0, 1.0), (0, 13, 2 * 0.5**13), (5, 1, 14 / 64)]
)
def test_mcnemars_test_is_exact(fixed: int, broken: int, p: float) -> None:
    assert mcnemar(fixed, broken) == pytest.approx(p)
    assert mcnemar(broken, fixed) == pytest.approx(p)


def test_a_few_wrong_answers_may_be_chance() -> None:
    assert not significantly_above(0, 0, 0.05)
    assert not significantly_above(2, 20, 0.05)
    assert significantly_above(5, 20, 0.05)


def test_old_and_new_stand_beside_each_other() -> None:
    assert pair(None, share(0, 0)) == {
        "old": None,
        "new": {"value": None, "low": None, "high": None, "n": 0},
    }
