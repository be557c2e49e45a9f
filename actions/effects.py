"""Changes outside Warmline, such as a refund: each is made once, however often its turn is taken.

A turn whose process died is taken again, and with it its actions. An action that changes something
makes the change through `once`: what was made already is not made again, its result is replayed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from rasa_sdk.interfaces import Tracker

Make = Callable[[str], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Intent:
    """A change about to be made. `new`: for the first time; `intended`: an earlier try set out to
    make it and nobody knows how that ended; `done`: it was made, with this result."""

    state: Literal["new", "intended", "done"]
    result: Any = None


class Recorder(Protocol):
    """Who remembers changes across processes: Warmline, for actions that run in its process."""

    async def intend(
        self, key: str, action: str, ordinal: int, arguments: Mapping[str, Any]
    ) -> Intent:
        """Write down durably that the change is about to be made; raise when it must not be."""

    async def finish(self, key: str, result: Any) -> None:
        """Write down durably what came of it."""

    async def set_out(self) -> None:
        """Raise when no change must be made, before one of which nothing is to be written down."""

    async def may_guess(self, secret: str, *, right: bool) -> bool:
        """Count a guess at this secret if it is wrong; false when too many were lately."""


class EffectUnknown(Exception):
    """An earlier try may have made the change, and nobody can tell: a person has to look."""


@dataclass(frozen=True, slots=True)
class TurnEffects:
    """The changes of one turn: who remembers them, the message they answer, and how often each
    was asked for so far."""

    recorder: Recorder | None
    message_id: str
    asked: Counter[str] = field(default_factory=Counter)


# Set for each turn by whoever runs the actions. An action server of its own sets nothing: there
# the key alone keeps a change from being made twice.
effects: ContextVar[TurnEffects | None] = ContextVar("effects", default=None)


async def once(
    tracker: Tracker,
    action: str,
    arguments: Mapping[str, Any],
    make: Make,
    *,
    look: Make | None = None,
    repeatable: bool = False,
) -> Any:
    """Make the change, or return the result of this very turn's having made it before.

    `action` and `arguments` (JSON) say what is changed. The same change asked for twice in one
    message is two. `make(key)` makes it and returns a result (JSON), also for a refusal: an
    exception means that nobody knows. The key is the same at every try: hand it to the shop's
    system, and say `repeatable` if the system makes nothing twice under one key. Otherwise
    `look(key)` asks the system whether it was made and returns its result, or None if surely not.
    With neither, a change that may have been made is not made again: raises EffectUnknown.
    """
    turn = _turn_of(tracker)
    change = json.dumps([action, arguments], sort_keys=True)
    turn.asked[change] += 1
    ordinal = turn.asked[change]
    key = effect_key(turn.message_id, action, ordinal, arguments)
    remembers = turn.recorder
    if remembers is None:
        return await make(key)
    intent = await remembers.intend(key, action, ordinal, arguments)
    if intent.state == "done":
        return intent.result
    result = None
    if intent.state == "intended" and not repeatable:
        if look is None:
            raise EffectUnknown(action)
        result = await look(key)
    if result is None:
        result = await make(key)
    await remembers.finish(key, result)
    return result


async def set_out() -> None:
    """Before a change that is not made through `once`: raises when the turn is somebody else's by
    now. Whoever makes it has to see to it that another try makes nothing twice."""
    turn = effects.get()
    if turn is not None and turn.recorder is not None:
        await turn.recorder.set_out()


async def may_guess(secret: str, *, right: bool) -> bool:
    """Whether a guess at what only one person should know is to be heard. Wrong ones are counted
    over all conversations; after too many of late, no guess is heard, not even a right one. Where
    nobody remembers, the conversation's own limit has to do."""
    turn = effects.get()
    return (
        turn is None or turn.recorder is None or await turn.recorder.may_guess(secret, right=right)
    )


def effect_key(message_id: str, action: str, ordinal: int, arguments: Mapping[str, Any]) -> str:
    """SHA-256, hexadecimal, over what makes a change this one and no other."""
    told = json.dumps([message_id, action, ordinal, arguments], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _turn_of(tracker: Tracker) -> TurnEffects:
    turn = effects.get()
    if turn is None:
        message_id = tracker.latest_message.get("message_id") or tracker.sender_id
        turn = TurnEffects(None, str(message_id))
        effects.set(turn)
    return turn
