"""What in a message may answer a question that is being asked."""

from __future__ import annotations

import pytest

from actions.requests.heard import Heard


def heard(text: str, intent: str) -> Heard:
    return Heard("m1", text, intent, {}, True, True)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("send it back", "return_item"),
        ("hm", "nlu_fallback"),
        ("2", "track_order"),
        ("the jumper", "track_order"),
        ("no wait, the wool jumper and one of the mugs please", "track_order"),
        ("sorry, I meant the boots", "product_info"),
        ("no, XL please", "product_availability"),
    ],
)
def test_it_may_be_about_the_request_at_hand(text: str, intent: str) -> None:
    assert heard(text, intent).is_about("return_item")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cancel the boots", "cancel_order"),
        ("is the rain jacket windproof?", "product_info"),
        ("the parcel has never come", "missing_package"),
        ("the jumper?", "product_availability"),
        ("no, where is my order?", "track_order"),
        ("where's my refund", "track_refund"),
    ],
)
def test_it_asks_for_something_else(text: str, intent: str) -> None:
    assert not heard(text, intent).is_about("return_item")
