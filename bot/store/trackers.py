"""What Rasa remembers of a conversation, as a bounded list of its own events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import trackers


class Trackers:
    """Reads and writes `trackers`: one row a conversation, replaced every turn."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, conversation_id: str) -> tuple[list[dict[str, Any]], int]:
        """The events in Rasa's JSON form, oldest first, and the sequence number of the last
        message they know of; nothing and 0 for a new conversation."""
        query = sa.select(trackers.c.events, trackers.c.seq).where(
            trackers.c.conversation_id == conversation_id
        )
        row = (await self._connection.execute(query)).one_or_none()
        return (row.events, row.seq) if row else ([], 0)

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
        changed = await self._connection.execute(
            trackers.update()
            .where(trackers.c.conversation_id == conversation_id)
            .values(events=events, seq=seq, updated_at=at)
        )
        if not changed.rowcount:
            await self._connection.execute(
                trackers.insert().values(
                    conversation_id=conversation_id,
                    customer_id=customer_id,
                    seq=seq,
                    events=events,
                    updated_at=at,
                )
            )
