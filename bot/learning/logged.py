"""What a comparison asks both models: plain values, so that a child process can be given them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bot.services import Services

if TYPE_CHECKING:
    from bot.learning.dataset import Lessons

MOST_TURNS = 20_000
TruthFrom = Literal["label", "wrap_up"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A text and what it is about."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class LoggedTurn:
    """A turn as the log has it, and what is known of its truth.

    `pressed` is a button rather than words. `taught` says that the candidate learnt from this
    text: being right about it proves nothing.
    """

    id: str
    conversation_id: str
    channel: str
    text: str
    intent: str | None
    outcome: str | None
    reason: str | None
    actions: tuple[str, ...]
    pressed: bool
    truth: str | None = None
    truth_from: TruthFrom | None = None
    taught: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """Held-out labels, the turns to replay (each conversation's in order) and the must-pass
    examples."""

    held_out: tuple[Asked, ...] = ()
    turns: tuple[LoggedTurn, ...] = ()
    must_pass: tuple[Asked, ...] = field(default=())


async def logged_for(services: Services, lessons: Lessons, *, most: int = MOST_TURNS) -> Logged:
    """Read what a candidate that is taught these lessons is to be asked."""
    return Logged(held_out=tuple(Asked(one.text, one.intent) for one in lessons.held_out))
