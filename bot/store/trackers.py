"""What Rasa remembers of a conversation, as a bounded list of its own events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import trackers

# Statements of every turn are built once: building one costs more than running it.
_GET = sa.select(trackers.c.events, trackers.c.seq).where(
    trackers.c.conversation_id == sa.bindparam("conversation")
)
_ADD = trackers.insert()
_REPLACE = (
    trackers.update()
    .where(trackers.c.conversation_id == sa.bindparam("conversation"))
    .values({name: sa.bindparam(name) for name in ("events", "seq", "updated_at")})
)


class Trackers:
    """Reads and writes `trackers`: one row a conversation, replaced every turn."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, conversation_id: str) -> tuple[list[dict[str, Any]], int]:
        """The events in Rasa's JSON form, oldest first, and the sequence number of the last
        message they know of; nothing and 0 for a new conversation."""
        found = await self._connection.execute(_GET, {"conversation": conversation_id})
        row = found.one_or_none()
        return (row.events, row.seq) if row else ([], 0)

    async def rewrite(self, conversation_id: str, events: list[dict[str, Any]]) -> None:
        """The same events, of which something was taken back; lock the conversation first."""
        await self._connection.execute(
            trackers.update()
            .where(trackers.c.conversation_id == conversation_id)
            .values(events=events)
        )

    async def put(
        self,
        conversation_id: str,
        customer_id: str,
        events: list[dict[str, Any]],
        *,
        seq: int,
        at: datetime,
    ) -> None:
        """Replace what is remembered; `seq` is the last message the events know of."""
        values = {"events": events, "seq": seq, "updated_at": at}
        changed = await self._connection.execute(
            _REPLACE, {"conversation": conversation_id, **values}
        )
        if not changed.rowcount:
            owner = {"conversation_id": conversation_id, "customer_id": customer_id}
            await self._connection.execute(_ADD, {**owner, **values})
