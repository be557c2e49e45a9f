"""What the use cases work with, wired once in bot.app and passed along."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.assistant.reply import Assistant
from bot.events import EventBus, TurnQueue
from bot.live_model import LiveModel
from bot.rules import Rules
from bot.rules_file import current_rules
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """One process's database, doorbells, model and rules."""

    database: Database
    bus: EventBus
    queue: TurnQueue
    live: LiveModel
    rules_file: Path
    outbox_bell: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def rules(self) -> Rules:
        """`handoff.yml` as it is now."""
        return current_rules(self.rules_file)

    @property
    def assistant(self) -> Assistant:
        """The model that the next turn begins with."""
        return self.live.assistant

    @contextmanager
    def with_one_model(self) -> Iterator[Services]:
        """The same for one turn, which ends with the model it began with."""
        with self.live.in_use() as assistant:
            yield replace(self, live=LiveModel(assistant))
