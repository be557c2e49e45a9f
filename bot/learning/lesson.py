"""What labels teach: a text, what it is about, and where it is from. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from bot.folding import folded

HELD_OUT_OF = 5  # one in so many is kept for judging


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A part of a text, from `start` to before `end`, and what it is."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text that was labelled, with nothing of a customer's in it; `turn_ids` are all messages
    that say the same, `user_id` who labelled the newest of them, at `labelled_at`."""

    text: str
    intent: str
    turn_ids: tuple[str, ...]
    user_id: str
    labelled_at: datetime
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class NewIntent:
    """An intent that a lead added; without an `answer` of the bot's a person takes over."""

    name: str
    answer: str | None
    user_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Labelled messages that teach nothing, and why, for people."""

    reason: str
    turn_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lessons:
    """All that labels teach. What is `held_out` is never taught: candidates are judged by it."""

    taught: tuple[Lesson, ...]
    held_out: tuple[Lesson, ...]
    new_intents: tuple[NewIntent, ...]
    left_out: tuple[LeftOut, ...] = ()


def held_out(turn_text: str) -> bool:
    """Whether a message with this text judges candidates instead of teaching them: the same answer
    for near-copies, in every process and for ever."""
    digest = hashlib.sha256(folded(turn_text).encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_OF == 0
