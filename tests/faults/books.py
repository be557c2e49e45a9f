"""What stands in the database after a fault: every acknowledged message has one turn that ended,
and one answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Collection

import sqlalchemy as sa

from bot.services import Services
from bot.store.tables import messages, turns

PLAIN = "when are you open?"
ANSWER = "Our shop"


async def pending(services: Services) -> int:
    async with services.database.reader.connect() as connection:
        waiting = sa.select(sa.func.count()).where(turns.c.state == "pending")
        count: int = (await connection.execute(waiting)).scalar_one()
        return count


async def all_taken(services: Services, *, seconds: float = 120) -> None:
    """Once no turn waits."""
    ends = time.monotonic() + seconds
    while await pending(services):
        assert time.monotonic() < ends, "turns are still waiting"
        await asyncio.sleep(0.05)


async def each_answered_once(services: Services, asked: Collection[str]) -> None:
    """These messages, which are all that customers wrote, have one turn each, which ended well at
    its conversation's place, and one line of the bot in reply."""
    expected = Counter(asked)
    assert set(expected.values()) <= {1}
    async with services.database.reader.connect() as connection:
        written = await connection.execute(
            sa.select(messages.c.id).where(messages.c.author == "customer")
        )
        ended = await connection.execute(
            sa.select(turns.c.message_id).where(turns.c.outcome == "answered")
        )
        answers = await connection.execute(
            sa.select(messages.c.in_reply_to).where(messages.c.author == "bot")
        )
    assert Counter(row.id for row in written) == expected
    assert Counter(row.message_id for row in ended) == expected
    assert Counter(row.in_reply_to for row in answers) == expected
