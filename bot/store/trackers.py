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

    async def get(self, conversation_id: str) -> list[dict[str, Any]]:
        """The events in Rasa's JSON form, oldest first; empty for a new conversation."""
        query = sa.select(trackers.c.events).where(trackers.c.conversation_id == conversation_id)
        events: list[dict[str, Any]] | None = (
            await self._connection.execute(query)
        ).scalar_one_or_none()
        return events or []

    async def put(
        self, conversation_id: str, customer_id: str, events: list[dict[str, Any]], *, at: datetime
    ) -> None:
        changed = await self._connection.execute(
            trackers.update()
            .where(trackers.c.conversation_id == conversation_id)
            .values(events=events, updated_at=at)
        )
        if not changed.rowcount:
            await self._connection.execute(
                trackers.insert().values(
                    conversation_id=conversation_id,
                    customer_id=customer_id,
                    events=events,
                    updated_at=at,
                )
            )
