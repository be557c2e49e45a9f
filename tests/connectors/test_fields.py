"""What a field is taken for, whatever is in it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.fields import (
    LeftOut,
    count,
    degrees,
    identifier,
    identifier_or_none,
    label,
    mapping,
    mappings,
    number,
    words,
)

ODD: list[Any] = [None, True, 7, 1.5, ["a"], {"a": "b"}]


@pytest.mark.parametrize("value", ["1", "a b", "+44 20", "é", "x" * 200])
def test_an_id_is_as_it_was_sent(value: str) -> None:
    assert identifier(value) == identifier_or_none(value) == value


@pytest.mark.parametrize("value", [*ODD, "", " ", "x" * 201, "a\nb", "a\x00", "\ud800", "a\u202eb"])
def test_what_cannot_be_an_id_is_none(value: object) -> None:
    assert identifier_or_none(value) is None
    with pytest.raises(LeftOut, match="id"):
        identifier(value)


def test_an_id_may_have_a_length_of_its_own() -> None:
    assert identifier("x" * 256, 256) == "x" * 256
    assert identifier_or_none("x" * 257, 256) is None


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (" Ada\u202e\x00 \ud800👩\u200d💻 ", "Ada 👩\u200d💻"),
        ("a\u200cb", "a\u200cb"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("x" * 201, "x" * 199 + "…"),
        ("\x00 ", None),
        *((value, None) for value in ODD),
    ],
)
def test_a_name_is_shown_without_what_cannot_be(told: object, shown: str | None) -> None:
    assert label(told) == shown


def test_half_of_a_surrogate_pair_is_no_word() -> None:
    assert words(" A\ud800da\n") == " A?da\n"
    assert [words(value) for value in ODD] == [""] * len(ODD)


@pytest.mark.parametrize("value", [91, -91, 10**400, float("nan"), float("inf"), True, "51", None])
def test_a_place_is_on_earth(value: object) -> None:
    assert degrees(value, 90) is None
    assert (degrees(-90, 90), degrees(51.5, 90)) == (-90.0, 51.5)


@pytest.mark.parametrize("value", [None, True, 1.5, "7", 2**63, -(2**63)])
def test_a_number_is_a_whole_one_that_can_be_kept(value: object) -> None:
    with pytest.raises(LeftOut, match="number"):
        number(value)
    assert count(value) is None
    assert (number(-7), count(-7), count(7)) == (-7, 0, 7)


def test_only_objects_are_objects() -> None:
    assert [dict(mapping(value)) for value in ODD] == [{}] * 5 + [{"a": "b"}]
    assert mappings([*ODD, {}]) == [{"a": "b"}, {}]
    assert mappings({"a": {}}) == []
