"""How customers write numbers, postcodes and products."""

from __future__ import annotations

import pytest

from actions import wording


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("10432", "10432"),
        (" #10432 ", "10432"),
        ("W-10432", "10432"),
        ("w10432", "10432"),
        (["", "10432"], "10432"),
        ("1043", None),
        ("104322", None),
        ("01043", None),
        ("10432; drop table orders", None),
        (10432, None),
        (None, None),
    ],
)
def test_order_number(value: object, number: str | None) -> None:
    assert wording.order_number(value) == number


@pytest.mark.parametrize(
    ("value", "postcode"),
    [("bs14dj", "BS1 4DJ"), ("SW11  3RA", "SW11 3RA"), ("BS1", None), ({"a": 1}, None)],
)
def test_postcode(value: object, postcode: str | None) -> None:
    assert wording.postcode(value) == postcode


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("I want to track another order", True),
        ("what about my other blue parcel", True),
        ("a different one", True),
        ("where is my order", False),
        ("I asked somebody other than you", False),
    ],
)
def test_means_another(text: str, another: bool) -> None:
    assert wording.means_another(text) is another
