"""Segments as the network counts them, at every edge."""

from __future__ import annotations

import pytest

from connectors.twilio.segments import segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é@Δ\n" * 40, 1),  # in the alphabet, though not in ASCII
        ("€" * 80, 1),  # an escape and a character each
        ("€" * 81, 2),
        ("€" * 152, 2),  # 304 septets would fill 306, but no pair is cut: 76 a segment
        ("€" * 153, 3),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("a" * 159 + "é", 1),
        ("a" * 69 + "ê", 1),  # in neither table
        ("a" * 70 + "ê", 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
        ("🙂" * 66, 2),  # two units each, of which a segment of 67 holds 33
        ("🙂" * 67, 3),
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count
