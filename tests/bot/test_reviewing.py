"""What is worth a look, what is the same, and how far leads agree."""

from __future__ import annotations

import pytest

from bot.reviewing import SAMPLED_ONE_IN, group_of, interval, is_sampled, kappa

Pairs = list[tuple[str | None, str | None]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Where is 10432?", "where   IS 7", True),
        ("Straße", "STRASSE!", True),
        ("10432", "10433", False),  # nothing but digits has nothing else to go by
        ("where is it", "where was it", False),
    ],
)
def test_messages_with_the_same_words_are_one_group(one: str, other: str, same: bool) -> None:
    assert (group_of(one) == group_of(other)) is same


@pytest.mark.parametrize(
    ("pairs", "agreement"),
    [
        ([], None),
        ([("a", "a")] * 5, None),  # one label alone: chance explains it
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "b"), ("b", "a")], -1.0),
        # Cohen's table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no.
        (
            [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15,
            0.4,
        ),
    ],
)
def test_agreement_beyond_chance(pairs: Pairs, agreement: float | None) -> None:
    assert kappa(pairs) == (None if agreement is None else pytest.approx(agreement))


def test_the_interval_of_a_rate_is_exact() -> None:
    assert interval(0, 10) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert interval(1, 20) == pytest.approx((0.0013, 0.2487), abs=1e-4)
    assert interval(3, 3)[1] == 1.0


def test_about_one_in_twenty_is_sampled_and_always_the_same_ones() -> None:
    ids = [f"turn-{number}" for number in range(4_000)]
    sampled = [each for each in ids if is_sampled(each)]
    assert sampled == [each for each in ids if is_sampled(each)]
    assert 0.8 < len(sampled) * SAMPLED_ONE_IN / len(ids) < 1.2
