"""How a message looks on Slack: a text alone, or blocks where there are buttons or a picture.

Contract: Slack, "Block Kit". Text in blocks is `plain_text`, which Slack never reads as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.messages import Button, OutboundMessage
from connectors.slack.markup import escaped
from connectors.text import numbered, parted, shortened, split, utf16

# A section takes so many characters; a text without one might have a thousand more, but is cut
# alike. How Slack counts is not said: here as it is sent, and never too few.
MOST_TEXT = 3000
MOST_BUTTONS = 25
MOST_TITLE = 75
MOST_VALUE = 2000
MOST_ALT_TEXT = 2000


def shown(outbound: OutboundMessage) -> OutboundMessage:
    """The message with buttons that Slack takes, or with numbered text in their place."""
    fit = all(0 < len(button.payload) <= MOST_VALUE for button in outbound.buttons)
    if fit and len(outbound.buttons) <= MOST_BUTTONS:
        return outbound
    return replace(outbound, text=numbered(outbound.text, outbound.buttons), buttons=())


def parts(outbound: OutboundMessage) -> Sequence[OutboundMessage]:
    """The message as one or several, each of which Slack takes."""
    fits = shown(outbound)
    return parted(fits, split(fits.text, MOST_TEXT, measure=lambda text: utf16(escaped(text))))


def rendered(outbound: OutboundMessage) -> dict[str, Any]:
    """What chat.postMessage takes to show the message; `text` is also what a notification reads."""
    message = shown(outbound)
    content: dict[str, Any] = {"text": escaped(message.text), "mrkdwn": False}
    blocks: list[dict[str, Any]] = []
    if message.image is not None:
        alt_text = shortened(message.text or "Picture", MOST_ALT_TEXT)
        blocks.append({"type": "image", "image_url": message.image, "alt_text": alt_text})
    if message.text:
        blocks.append({"type": "section", "text": _plain(message.text)})
    if message.buttons:
        elements = [_button(number, button) for number, button in enumerate(message.buttons, 1)]
        blocks.append({"type": "actions", "elements": elements})
    if message.image is not None or message.buttons:
        content["blocks"] = blocks
    return content


def _button(number: int, button: Button) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": f"button_{number}",  # unique in its block
        "text": _plain(shortened(button.title, MOST_TITLE)),
        "value": button.payload,
    }


def _plain(text: str) -> dict[str, Any]:
    # Without `emoji`, an agent's ":)" stays one.
    return {"type": "plain_text", "text": text, "emoji": False}
