"""A customer's rating, from 1 to 5, in what they pressed or typed. Pure.

An answer is never taken for a message, nor a message for an answer: a press says which survey it
answers, and typed words count only if they are nothing but a rating.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.messages import InboundMessage

Question = Literal["csat", "effort"]
LOWEST, HIGHEST = 1, 5
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_TYPED = re.compile(
    rf"(?P<rating>[1-5]|{'|'.join(_WORDS)})"
    r"(?:\s*/\s*5|\s+out\s+of\s+(?:5|five)|\s*stars?)?\s*[.!]*",
    re.IGNORECASE,
)
_PAYLOAD = re.compile(
    r"/survey:(?P<question>csat|effort):(?P<rating>[1-5]):(?P<survey>[\w-]{1,40})"
)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A survey's button."""

    survey_id: str
    question: Question
    rating: int


def payload_of(survey_id: str, question: Question, rating: str) -> str:
    """What the button for this rating sends; short, since Telegram takes 64 bytes."""
    return f"/survey:{question}:{rating}:{survey_id}"


def pressed_in(inbound: InboundMessage) -> Pressed | None:
    """The survey's button that was pressed, if it was one."""
    found = _PAYLOAD.fullmatch(inbound.payload or "")
    if found is None or inbound.kind != "message":
        return None
    question: Question = "csat" if found["question"] == "csat" else "effort"
    return Pressed(found["survey"], question, int(found["rating"]))


def typed_in(inbound: InboundMessage) -> int | None:
    """The rating that the message is, and nothing else: "4", "5!", "four", "5/5"."""
    if inbound.kind != "message" or inbound.payload is not None or inbound.attachments:
        return None
    found = _TYPED.fullmatch(inbound.text.strip())
    if found is None:
        return None
    written = found["rating"].lower()
    return _WORDS.get(written) or int(written)
