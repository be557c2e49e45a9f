"""A block: whose words are kept without an answer, why, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

BlockReason = Literal["spam", "abuse", "threats", "fraud", "other"]
REASONS: tuple[BlockReason, ...] = get_args(BlockReason)
LONGEST = timedelta(days=366)  # what is to last longer is for good


@dataclass(frozen=True, slots=True)
class Block:
    """`channel` and `address` are None where all of the customer's are meant, also those that join
    later. `until` is None for good. `told_at` is when they were told, `heard` how many lines came
    since, `kept` how many of them were kept on the day `kept_on`."""

    id: str
    customer_id: str
    conversation_id: str
    channel: str | None
    address: str | None
    reason: BlockReason
    blocked_by: str
    created_at: datetime
    until: datetime | None
    told_at: datetime | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    heard: int = 0
    last_heard_at: datetime | None = None
    kept: int = 0
    kept_on: str | None = None

    def is_on(self, at: datetime) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > at)
