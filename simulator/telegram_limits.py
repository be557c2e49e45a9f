"""What the simulated Telegram takes of a message, as the Bot API documents it."""

from __future__ import annotations

from collections.abc import Sequence

MOST_TEXT, MOST_CAPTION = 4096, 1024  # characters
MOST_DATA = 64  # bytes


def refusal(
    address: str, text: str, buttons: Sequence[tuple[str, str]], image: str | None
) -> str | None:
    """What it would not take, in Telegram's own words."""
    if not address.isdecimal():
        return "chat not found"
    if not text and not image:
        return "message text is empty"
    if len(text) > (MOST_CAPTION if image else MOST_TEXT):
        return "message caption is too long" if image else "message is too long"
    if any(not 1 <= len(data.encode()) <= MOST_DATA for _, data in buttons):
        return "BUTTON_DATA_INVALID"
    return None
