"""What the actions of one turn share: what ran, what was understood, and what remembers it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from actions.context.reading import begin_reads
from actions.effects import TurnEffects, effects
from bot.assistant.reply import ActionRun, Understanding
from bot.ledger import Ledger


@dataclass(slots=True)
class Acting:
    """The turn that this task is computing."""

    message_id: str
    ledger: Ledger | None = None
    ran: list[ActionRun] = field(default_factory=list)

    async def save_understanding(self) -> None:
        """Before an action runs of whose changes the ledger hears nothing, so that another try acts
        on the same reading."""
        if self.ledger is not None:
            await self.ledger.save_reading()


_acting: ContextVar[Acting] = ContextVar("acting")


def begin(acting: Acting) -> None:
    """From here on this task's actions belong to this turn."""
    _acting.set(acting)
    begin_reads()
    effects.set(TurnEffects(acting.ledger, acting.message_id))


def acting() -> Acting:
    """The turn whose action this is."""
    return _acting.get()


def hear(parsed: dict[str, Any], understanding: Understanding) -> None:
    """What was read in the turn's message; saved only if an action may change something."""
    ledger = acting().ledger
    if ledger is not None:
        ledger.read(parsed, understanding)
