"""Mentions: who was mentioned in a note and has not looked yet. Who has, has no row."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Message
from bot.store.tables import mentions


class Mentions:
    """Reads and writes `mentions`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, note: Message, user_ids: Collection[str]) -> None:
        rows = [
            {
                "message_id": note.id,
                "user_id": user_id,
                "conversation_id": note.conversation_id,
                "customer_id": note.customer_id,
                "created_at": note.created_at,
            }
            for user_id in user_ids
        ]
        await self._connection.execute(mentions.insert(), rows)

    async def looked(self, conversation_id: str, user_id: str) -> bool:
        """Whether there was something to look at."""
        result = await self._connection.execute(
            mentions.delete().where(
                mentions.c.conversation_id == conversation_id, mentions.c.user_id == user_id
            )
        )
        return bool(result.rowcount)

    async def waiting(self, conversation_ids: Collection[str]) -> dict[str, list[str]]:
        """Who has not looked yet, by conversation."""
        rows = await self._connection.execute(
            sa.select(mentions.c.conversation_id, mentions.c.user_id)
            .where(mentions.c.conversation_id.in_(conversation_ids))
            .distinct()
            .order_by(mentions.c.conversation_id, mentions.c.user_id)
        )
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row.conversation_id, []).append(row.user_id)
        return found
