"""What counts as a rating, and what is a message like any other."""

from __future__ import annotations

import pytest

from bot.messages import Attachment, InboundMessage
from bot.rating import Pressed, payload_of, pressed_in, typed_in
from tests.processes import message


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        *((str(n), n) for n in range(1, 6)),
        ("5!", 5),
        (" 4. ", 4),
        ("Four", 4),
        ("5/5", 5),
        ("3 out of 5", 3),
        ("2 stars", 2),
        ("one star!!", 1),
    ],
)
def test_nothing_but_a_rating_is_one(text: str, rating: int) -> None:
    assert typed_in(message(text)) == rating


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "6",
        "45",
        "10/10",
        "4/10",
        "4 boots please",
        "order 4",
        "4?",
        "-3",
        "four five",
        "٤",
        "",
    ],
)
def test_anything_else_is_a_message(text: str) -> None:
    assert typed_in(message(text)) is None


@pytest.mark.parametrize(
    "other",
    [
        message("4", kind="reaction"),
        message("4", payload="/affirm"),
        message("4", attachments=(Attachment("image"),)),
    ],
)
def test_a_rating_is_typed_and_nothing_beside_it(other: InboundMessage) -> None:
    assert typed_in(other) is None


def test_a_press_says_which_survey_it_answers_within_what_telegram_takes() -> None:
    survey = "01890a5d-ac96-774b-bcce-b302099a8057"
    payload = payload_of(survey, "effort", "5")
    assert len(payload.encode()) <= 64
    assert pressed_in(message("5", payload=payload)) == Pressed(survey, "effort", 5)
    for wrong in ("/survey:csat:6:x", "/survey:mood:5:x", f"{payload} and more", "/affirm"):
        assert pressed_in(message("5", payload=wrong)) is None
    assert pressed_in(message(payload)) is None  # typed, it is text
