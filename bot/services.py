"""What the use cases work with, wired once in bot.app and passed along."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.assistant.reply import AssistantReply, CustomerMessage, Memory
from bot.events import EventBus, TurnQueue
from bot.ledger import Ledger
from bot.rules import Rules
from bot.rules_file import current_rules
from bot.store.database import Database


class Assistant(Protocol):
    """The part of bot.assistant.assistant.Assistant that turns use; named here so that nothing
    outside bot.assistant has to import rasa."""

    model: str
    slot_names: frozenset[str]
    intents: frozenset[str]
    domain_slots: frozenset[str]

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply: ...

    async def observe(
        self, conversation_id: str, message: CustomerMessage, memory: Memory
    ) -> AssistantReply: ...

    async def resume(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """One process's database, doorbells, assistant and rules."""

    database: Database
    bus: EventBus
    queue: TurnQueue
    assistant: Assistant
    rules_file: Path
    outbox_bell: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def rules(self) -> Rules:
        """`handoff.yml` as it is now."""
        return current_rules(self.rules_file)
