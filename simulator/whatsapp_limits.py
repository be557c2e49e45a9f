"""What WhatsApp's Cloud API takes in one message, and how it says no.

Source: WhatsApp Business Platform, Messages API and "Error codes".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Content = Mapping[str, Any]
Shown = tuple[str, Sequence[tuple[str, str]], str | None]


class LimitExceeded(Exception):
    """The message is not taken; `code` is the API's own."""

    def __init__(self, code: int, problem: str) -> None:
        super().__init__(problem)
        self.code = code


def error(code: int, title: str) -> dict[str, Any]:
    """An error as the API words it."""
    return {
        "error": {
            "message": f"(#{code}) {title}",
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": title},
            "fbtrace_id": "AzP4kY9LxQ2mVw",
        }
    }


def check(content: Content) -> Shown:
    """The text, the buttons and the picture of a message; raises LimitExceeded."""
    if content.get("messaging_product") != "whatsapp":
        raise LimitExceeded(100, "The parameter messaging_product is required.")
    if not (content.get("to") or content.get("recipient")):
        raise LimitExceeded(100, "The parameter to is required.")
    kind = content.get("type")
    if kind == "text":
        return _within(content["text"]["body"], 4096, "text['body']"), (), None
    if kind == "image":
        image = content["image"]
        caption = image.get("caption")
        text = _within(caption, 1024, "image['caption']") if caption is not None else ""
        return text, (), image["link"]
    if kind == "interactive":
        return _interactive(content["interactive"])
    if kind == "template":
        return _template(content["template"]), (), None
    raise LimitExceeded(131051, "Unsupported message type")


def _within(text: str, most: int, name: str) -> str:
    if not 0 < len(text) <= most:
        raise LimitExceeded(100, f"Param {name} must be from 1 to {most} characters long.")
    return text


def _interactive(interactive: Content) -> Shown:
    text = _within(interactive["body"]["text"], 1024, "interactive['body']['text']")
    action = interactive["action"]
    if interactive["type"] == "list":
        _within(action["button"], 20, "action['button']")
        rows = [row for section in action["sections"] for row in section["rows"]]
        return text, _choices(rows, most=10, title=24, id=200), None
    buttons = [button["reply"] for button in action["buttons"]]
    choices = _choices(buttons, most=3, title=20, id=256)
    if len({title for title, _ in choices}) < len(choices):
        raise LimitExceeded(131009, "Duplicated title of button")
    header = interactive.get("header")
    return text, choices, header["image"]["link"] if header else None


def _choices(
    replies: Sequence[Content], *, most: int, title: int, id: int
) -> Sequence[tuple[str, str]]:
    if not 0 < len(replies) <= most:
        raise LimitExceeded(131009, f"Invalid number of choices. Min 1, max {most}")
    if len({reply["id"] for reply in replies}) < len(replies):
        raise LimitExceeded(131009, "Duplicated id of button")
    return [
        (_within(reply["title"], title, "title"), _within(reply["id"], id, "id"))
        for reply in replies
    ]


def _template(template: Content) -> str:
    [parameter] = template["components"][0]["parameters"]
    text = _within(parameter["text"], 1024, "parameters['text']")
    if "\n" in text or "\t" in text or " " * 5 in text:
        raise LimitExceeded(
            132018,
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
        )
    return text
