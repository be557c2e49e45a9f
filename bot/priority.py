"""Who is served first. One number orders a queue: when they asked, less a head start.

A head start is a time, not a rank: an urgent customer passes whoever asked less than half an hour
before them, and nobody else. So everybody's turn comes, however many urgent ones there are; and
since neither part changes while they wait, a queue is an index in the database, not a sorting.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.records import Priority

HEAD_STARTS: Final[dict[Priority, timedelta]] = {
    "normal": timedelta(0),
    "high": timedelta(minutes=10),
    "urgent": timedelta(minutes=30),
    # They had somebody already: before all who asked on the same day.
    "returned": timedelta(hours=12),
}
OF_REASON: Final[dict[str, Priority]] = {"frustration": "high", "sensitive_topic": "urgent"}


def priority_of(reason: str) -> Priority:
    """What a hand-off for this reason begins with; an agent may change it."""
    return OF_REASON.get(reason, "normal")


def greater(one: Priority, other: Priority) -> Priority:
    """Whichever has the head start before the other."""
    return max(one, other, key=HEAD_STARTS.__getitem__)


def ranked_at(requested_at: datetime, priority: Priority) -> datetime:
    """What queues are ordered by, the earliest first."""
    return requested_at - HEAD_STARTS[priority]
