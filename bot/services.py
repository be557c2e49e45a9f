"""What the use cases work with, wired once in bot.app and passed along."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.abuse.limits import AbuseLimits
from bot.composing import Composing
from bot.erasure.keys import ErasureKey
from bot.events import EventBus, TurnQueue
from bot.jobs import Jobs
from bot.limits import Limits, MemoryLimits
from bot.live_model import Assistant, LiveModel
from bot.privacy.policy_file import PolicyFile
from bot.rules import Rules
from bot.rules_file import current_rules
from bot.slots import Slots
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """One process's database, doorbells, limits, model and rules; `windows` are how long after a
    customer's last message agents may write, by channel, where there is an end to it. `memories`
    empty what the process remembers of customers' words."""

    database: Database
    bus: EventBus
    queue: TurnQueue
    live: LiveModel
    rules_file: Path
    limits: Limits = field(default_factory=MemoryLimits)
    abuse: AbuseLimits = field(default_factory=AbuseLimits)
    composing: Composing = field(default_factory=lambda: Composing({}, Jobs()))
    windows: Mapping[str, timedelta] = field(default_factory=dict)
    slots: Slots = field(default_factory=Slots)
    erasure_key: ErasureKey = field(default_factory=lambda: ErasureKey(""))
    memories: list[Callable[[], None]] = field(default_factory=list)
    privacy: PolicyFile | None = None
    suspect: asyncio.Lock = field(default_factory=asyncio.Lock)  # a turn that may end the process

    @property
    def rules(self) -> Rules:
        """`handoff.yml` as it is now."""
        return current_rules(self.rules_file)

    @property
    def assistant(self) -> Assistant:
        """The model that the next turn begins with."""
        return self.live.assistant
