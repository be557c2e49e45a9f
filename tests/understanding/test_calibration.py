"""Thresholds keep their promise, and confidence means what it says."""

from __future__ import annotations

import numpy as np
import pytest

from bot.assistant.calibration import (
    calibration_error,
    confidences,
    fewest,
    find_threshold,
    fit_sharpness,
    fit_trust,
    softmax,
    upper_bound,
)


def test_the_bound_is_the_exact_binomial_one() -> None:
    # 0 wrong of 59 is the textbook's 5 % at 95 %; 3 of 100 from Clopper and Pearson's tables.
    assert upper_bound(0, 59, 0.95) == pytest.approx(0.0495, abs=1e-4)
    assert upper_bound(3, 100, 0.95) == pytest.approx(0.0757, abs=1e-4)
    assert upper_bound(5, 5, 0.95) == 1
    assert fewest(0.05, 0.95) == 59
    assert fewest(0.02, 0.95) == 149


def test_the_promise_is_broken_at_most_as_often_as_it_allows() -> None:
    chance = np.random.default_rng(3)
    broken = 0
    for _ in range(300):
        confidence = chance.uniform(0.5, 1, 800)
        correct = chance.uniform(size=800) < confidence
        threshold = find_threshold(confidence, correct, rate=0.1, guarantee=0.9)
        if threshold.confidence is not None:
            # Of messages at or above t, uniform up to 1, (1 - t) / 2 are wrong.
            broken += (1 - threshold.confidence) / 2 > 0.1
    assert broken <= 0.1 * 300 + 10


def test_too_few_messages_promise_nothing_and_say_how_many_are_missing() -> None:
    threshold = find_threshold(np.full(40, 0.9), np.ones(40, bool), rate=0.05, guarantee=0.95)
    assert threshold.confidence is None
    assert threshold.needed == 19


def test_refused_messages_are_never_answered() -> None:
    confidence = np.concatenate([np.zeros(200), np.full(800, 0.9)])
    threshold = find_threshold(confidence, np.ones(1000, bool), rate=0.05, guarantee=0.95)
    assert threshold.confidence == pytest.approx(0.9)
    assert threshold.answered == 800


def test_equal_confidences_stay_together() -> None:
    confidence = np.full(500, 0.8)
    correct = np.arange(500) >= 100
    threshold = find_threshold(confidence, correct, rate=0.05, guarantee=0.95)
    assert threshold.confidence is None


def test_calibration_brings_overconfident_scores_to_the_truth() -> None:
    chance = np.random.default_rng(5)
    scores = chance.normal(size=(4000, 5))
    truth = np.array([chance.choice(5, p=row) for row in softmax(scores, 2.0)])
    assert fit_sharpness(scores, truth) == pytest.approx(2.0, rel=0.1)
    wild = softmax(scores, 6.0)
    correct = wild.argmax(1) == truth
    mended = confidences(wild, *fit_trust(wild.max(1), correct))
    assert calibration_error(wild.max(1), correct) > 0.1
    assert calibration_error(mended.max(1), correct) < 0.03
    assert np.array_equal(mended.argmax(1), wild.argmax(1))
    assert mended.sum(1).max() <= 1 + 1e-6


def test_how_many_more_messages_a_promise_takes() -> None:
    def needed(total: int, wrong: int) -> int | None:
        confidence = np.full(total, 0.9)
        correct = np.arange(total) >= wrong
        return find_threshold(confidence, correct, rate=0.05, guarantee=0.95).needed

    assert needed(0, 0) == 59
    assert needed(20, 0) == 39
    assert needed(300, 60) is None  # of messages like these, no number is enough
    more = needed(100, 3)
    assert more is not None
    assert 100 < more < 1_000
    assert needed(100 + more, round(0.03 * (100 + more))) == 0
