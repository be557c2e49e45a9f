"""The mood over a conversation: how annoyed each of the customer's messages sounds.

Read from the words each time, by the rules that the bot itself goes by: nothing to store, and what
an agent is shown is what brought them in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.assistant.nlu.annoyance import frustration
from bot.records import Message

Level = Literal["calm", "annoyed", "upset"]
MOST = 20


@dataclass(frozen=True, slots=True)
class Mood:
    """How one message sounds; `score` is from 0 to 1."""

    message_id: str
    level: Level
    score: float


def moods_of(transcript: Sequence[Message], *, upset: float) -> list[Mood]:
    """The customer's newest messages, oldest first; from `upset` on a person is asked for, and
    from half of it on nobody is asked to say it again."""
    said = [line for line in transcript if line.author == "customer" and "event" not in line.data]
    return [_mood(line, upset) for line in said[-MOST:]]


def _mood(line: Message, upset: float) -> Mood:
    score = frustration(line.text)
    level: Level = "upset" if score >= upset else "annoyed" if score > upset / 2 else "calm"
    return Mood(line.id, level, score)
