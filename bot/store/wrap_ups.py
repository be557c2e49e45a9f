"""Wrap-ups: what agents said of the conversations they resolved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import WrapUp
from bot.store.tables import wrap_ups


class WrapUps:
    """Reads and writes `wrap_ups`; one that was resolved twice has two."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, wrap_up: WrapUp) -> None:
        await self._connection.execute(wrap_ups.insert().values(asdict(wrap_up)))

    async def latest(self, conversation_id: str) -> WrapUp | None:
        rows = await self._connection.execute(
            sa.select(wrap_ups)
            .where(wrap_ups.c.conversation_id == conversation_id)
            .order_by(wrap_ups.c.created_at.desc(), wrap_ups.c.id.desc())
            .limit(1)
        )
        row = rows.one_or_none()
        return WrapUp(**row._mapping) if row else None

    async def intents(self, conversation_ids: Collection[str]) -> dict[str, str]:
        """What agents said that these conversations were about, by conversation: the newest."""
        rows = await self._connection.execute(
            sa.select(wrap_ups.c.conversation_id, wrap_ups.c.intent)
            .where(wrap_ups.c.conversation_id.in_(conversation_ids), wrap_ups.c.intent.is_not(None))
            .order_by(wrap_ups.c.created_at, wrap_ups.c.id)
        )
        return {row.conversation_id: row.intent for row in rows}
