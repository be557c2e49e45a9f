"""Canned replies, by name."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.canned import CannedReply
from bot.store.tables import canned_replies

_ALL = sa.select(canned_replies.c.id, canned_replies.c.name, canned_replies.c.text).order_by(
    canned_replies.c.name, canned_replies.c.id
)


class CannedReplies:
    """Reads and writes `canned_replies`. A name that another has is an IntegrityError."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[CannedReply]:
        """Every one, by name: they are as many as people have written."""
        return [CannedReply(**row._mapping) for row in await self._connection.execute(_ALL)]

    async def add(self, *replies: CannedReply, at: datetime) -> None:
        await self._connection.execute(
            canned_replies.insert(),
            [
                {"id": each.id, "name": each.name, "text": each.text, "updated_at": at}
                for each in replies
            ],
        )

    async def change(self, reply: CannedReply, *, at: datetime) -> bool:
        """Write its name and text; False when it is gone."""
        result = await self._connection.execute(
            canned_replies.update()
            .where(canned_replies.c.id == reply.id)
            .values(name=reply.name, text=reply.text, updated_at=at)
        )
        return bool(result.rowcount)

    async def delete(self, reply_id: str) -> bool:
        """False when it was gone."""
        result = await self._connection.execute(
            canned_replies.delete().where(canned_replies.c.id == reply_id)
        )
        return bool(result.rowcount)
