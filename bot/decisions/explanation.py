"""What is told of one automated decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["turn", "line"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing it was decided by, under a name, in words."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """`decided` is what was decided as a code, `summary` the same in a sentence, `why` in another.

    `lines` are the messages of the transcript that came of it. `recorded` is false for a turn of an
    earlier version: then `facts` are what is known all the same.
    """

    id: str
    kind: Kind
    at: datetime
    seq: int
    decided: str
    summary: str
    why: str
    rule: str
    model: str | None
    recorded: bool
    facts: tuple[Fact, ...]
    turn_id: str | None = None
    message_id: str | None = None
    lines: tuple[str, ...] = ()


def in_words(code: str) -> str:
    """An intent's or another code's name as people read it."""
    return code.removeprefix("/").replace("_", " ")


def percent(share: float) -> str:
    """A share with as many places as tell it from none and from all."""
    if 0.01 <= share <= 0.99 or share in (0, 1):
        return f"{share:.0%}"
    if 0 < share < 0.001:
        return "under 0.1%"
    return "over 99.9%" if 0.999 < share < 1 else f"{share:.1%}"
