"""What the simulated Slack takes of a message, as chat.postMessage and Block Kit document it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MOST_TEXT = 40_000
MOST_BLOCKS = 50
MOST_SECTION = 3000
MOST_ELEMENTS = 25
MOST_TITLE = 75
MOST_VALUE = 2000
MOST_ALT_TEXT = 2000
_CHANNEL = re.compile(r"[CDG][A-Z0-9]+")


def wrong(content: Mapping[str, Any]) -> str | None:
    """Slack's error for a message that it would not take."""
    text, blocks = content.get("text", ""), content.get("blocks", [])
    if not _CHANNEL.fullmatch(content["channel"]):
        return "channel_not_found"
    if not text and not blocks:
        return "no_text"
    if len(text) > MOST_TEXT:
        return "msg_too_long"
    if len(blocks) > MOST_BLOCKS or any(_is_wrong(block) for block in blocks):
        return "invalid_blocks"
    return None


def buttons(blocks: list[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What the buttons read and send."""
    return [(element["text"]["text"], element["value"]) for element in _elements(blocks)]


def image(blocks: list[Mapping[str, Any]]) -> str | None:
    """The URL of the picture that is shown."""
    return next((block["image_url"] for block in blocks if block["type"] == "image"), None)


def _elements(blocks: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [
        element for block in blocks if block["type"] == "actions" for element in block["elements"]
    ]


def _is_wrong(block: Mapping[str, Any]) -> bool:
    match block["type"]:
        case "section":
            return not 1 <= len(block["text"]["text"]) <= MOST_SECTION
        case "image":
            return not 1 <= len(block["alt_text"]) <= MOST_ALT_TEXT
        case "actions":
            elements = block["elements"]
            ids = {element["action_id"] for element in elements}
            return (
                not 1 <= len(elements) <= MOST_ELEMENTS
                or len(ids) < len(elements)
                or any(_is_wrong_button(element) for element in elements)
            )
    return True


def _is_wrong_button(button: Mapping[str, Any]) -> bool:
    title, value = button["text"]["text"], button["value"]
    return not (1 <= len(title) <= MOST_TITLE and 1 <= len(value) <= MOST_VALUE)
