"""What the use cases work with, wired once in bot.app and passed along."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.composing import Composing
from bot.events import EventBus, TurnQueue
from bot.jobs import Jobs
from bot.limits import Limits, MemoryLimits
from bot.live_model import Assistant, LiveModel
from bot.messages import Limit
from bot.privacy.policy_file import PolicyFile
from bot.rules import Rules
from bot.rules_file import current_rules
from bot.slots import Slots
from bot.store.database import Database

# Nobody types this fast for two minutes; a program that repeats itself does.
SENDER_LIMIT = Limit(messages_a_second=1, burst=120)


@dataclass(frozen=True, slots=True)
class Services:
    """One process's database, doorbells, limits, model and rules; `windows` are how long after a
    customer's last message agents may write, by channel, where there is an end to it."""

    database: Database
    bus: EventBus
    queue: TurnQueue
    live: LiveModel
    rules_file: Path
    limits: Limits = field(default_factory=MemoryLimits)
    sender_limit: Limit | None = SENDER_LIMIT
    composing: Composing = field(default_factory=lambda: Composing({}, Jobs()))
    windows: Mapping[str, timedelta] = field(default_factory=dict)
    slots: Slots = field(default_factory=Slots)
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
