"""How customers write numbers, postcodes and products."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from actions import wording

NLU = Path(__file__).parents[2] / "data" / "nlu" / "order.yml"


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


@pytest.mark.parametrize(
    ("entity", "text", "found"),
    [
        ("order_number", "order no. 10432, #10587 and W-10640", ["10432", "10587", "10640"]),
        ("order_number", "call 07700 900123, I paid £10432 or 12345.50 or 104321", []),
        ("postcode", "it goes to bs1 4dj or SW113RA", ["bs1 4dj", "SW113RA"]),
        ("postcode", "order 10432 at 4 pm", []),
    ],
)
def test_the_trained_patterns_find_what_the_actions_accept(
    entity: str, text: str, found: list[str]
) -> None:
    blocks = YAML(typ="safe").load(NLU.read_text(encoding="utf-8"))["nlu"]
    pattern = next(block["examples"] for block in blocks if block.get("regex") == entity)
    matches = re.findall(pattern.strip().removeprefix("- "), text, re.IGNORECASE)
    assert matches == found
    assert all(getattr(wording, entity)(each) for each in matches)
