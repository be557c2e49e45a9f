"""Near-copies of a text."""

from __future__ import annotations

import pytest

from bot.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Where's my order?", "where s my ORDER"),
        ("café!!", "Cafe"),
        ("  a\n b", "a b"),
        (" Order #12: LATE!! ", "order 10432 late"),
        ("ﬁne", "fine"),
    ],
)
def test_copies_differ_in_cases_accents_marks_and_figures(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("👍", "👎"), ("order 12", "order"), ("lot a", "lot b"), ("は", "ひ")]
)
def test_what_says_something_else_is_no_copy(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_a_text_without_a_letter_stays_what_it_is() -> None:
    assert folded(" 10432  ?") == "10432 ?" != folded("10433?")
