"""What can be a canned reply."""

from __future__ import annotations

import pytest

from bot.canned import CannedReply, canned_reply
from bot.errors import InvalidInput


def test_its_name_is_one_line_and_its_variables_are_known() -> None:
    made = canned_reply("r1", " Late \n parcel ", "Order {order_number} is late {at last}.")
    assert made == CannedReply("r1", "Late parcel", "Order {order_number} is late {at last}.")


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        ("", "x", "name"),
        ("n" * 81, "x", "name"),
        ("n", " \u200b", "text"),
        ("n", "x" * 4_001, "text"),
        ("n", "Your {parcel}", "text"),
    ],
)
def test_what_cannot_be_kept_is_named(name: str, text: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        canned_reply("r1", name, text)
    assert refused.value.detail == {"field": field}
