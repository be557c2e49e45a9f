"""Intents that leads added, which the project's files may not have yet."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.learning.lesson import NewIntent
from bot.store.tables import new_intents


class NewIntents:
    """Reads and writes `new_intents`. A name that is there already is an IntegrityError."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[NewIntent]:
        """Every one, in the order of adding."""
        rows = await self._connection.execute(
            sa.select(new_intents).order_by(new_intents.c.created_at, new_intents.c.name)
        )
        return [NewIntent(**row._mapping) for row in rows]

    async def add(self, intent: NewIntent) -> None:
        await self._connection.execute(new_intents.insert().values(asdict(intent)))
