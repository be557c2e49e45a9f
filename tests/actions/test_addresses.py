"""Addresses as customers write them."""

from __future__ import annotations

from typing import Literal

import pytest

from actions.addresses import LONGEST, corrected_number, parts_in

HARBOUR = {"line": "12 Harbour Road", "town": "Exeter", "postcode": "EX1 3PL"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12 Harbour Road, Exeter, EX1 3PL", HARBOUR),
        ("12 harbour road exeter ex13pl", HARBOUR),
        ("it should go to 12 Harbour Road, Exeter EX1 3PL instead, thanks!", HARBOUR),
        ("send 10640 to 12 Harbour Road, Exeter EX1 3PL rather than 4 Mill Lane", HARBOUR),
        ("12 Harbour Road\nExeter\nEX1 3PL\nUK", HARBOUR),
        (
            "Flat 3b, 12 Harbour Road, Exeter EX1 3PL",
            {**HARBOUR, "line": "Flat 3b, 12 Harbour Road"},
        ),
        (
            "I ordered 2 tents on Monday and live at 3 Castle Hill, Cardiff CF10 3AT",
            {"line": "3 Castle Hill", "town": "Cardiff", "postcode": "CF10 3AT"},
        ),
        ("please deliver order 10640 to M20 3JG instead of M4 1HQ", {"postcode": "M20 3JG"}),
        ("wrong postcode!! it has to be S11 8YZ", {"postcode": "S11 8YZ"}),
        ("12 Harbour Road, Exeter", {"line": "12 Harbour Road", "town": "Exeter"}),
        ("the address of 10640 is wrong", {}),
        ("I need 2 mugs for my flat", {}),
        ("🏠🏠🏠", {}),
        ("", {}),
    ],
)
def test_what_is_found_in_passing(text: str, parts: dict[str, str]) -> None:
    assert parts_in(text) == parts


@pytest.mark.parametrize(
    ("text", "alone", "parts"),
    [
        ("rose cottage", "line", {"line": "Rose Cottage"}),
        ("exeter", "town", {"town": "Exeter"}),
        ("it's Milton Keynes", "town", {"town": "Milton Keynes"}),
        (
            "9 Bóthar Seoighe 🌿, Béal Feirste, BT11 8PX",
            "line",
            {"line": "9 Bóthar Seoighe 🌿", "town": "Béal Feirste", "postcode": "BT11 8PX"},
        ),
        (
            "the old vicarage, little snoring, NR21 0AA",
            "line",
            {"line": "The Old Vicarage", "town": "Little Snoring", "postcode": "NR21 0AA"},
        ),
        ("can you change my address please", "line", {}),
        ("❤️ ✨", "line", {}),
    ],
)
def test_what_answers_a_question(
    text: str, alone: Literal["line", "town"], parts: dict[str, str]
) -> None:
    assert parts_in(text, alone) == parts


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("no, it's number 21 not 12", "21 Harbour Road"),
        ("house no. 21b", "21b Harbour Road"),
        ("no, the other one", None),
    ],
)
def test_a_house_number_is_corrected(text: str, line: str | None) -> None:
    assert corrected_number(text, "12 Harbour Road") == line


def test_reading_takes_no_longer_for_what_is_made_to_take_long() -> None:
    for text in ("12 " * 300, "flat 1 " * 200, "a, " * 400, "1 a" * 400):
        assert len(str(parts_in(text, "line"))) < 4 * LONGEST * 10
