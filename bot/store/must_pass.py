"""Must-pass examples: what every candidate has to get right."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import MustPass
from bot.store.tables import must_pass


class MustPassExamples:
    """Reads and writes `must_pass`. A text that is there already is an IntegrityError."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[MustPass]:
        """Every one, in the order of adding: they are as many as people have written."""
        rows = await self._connection.execute(
            sa.select(must_pass).order_by(must_pass.c.created_at, must_pass.c.id)
        )
        return [MustPass(**row._mapping) for row in rows]

    async def add(self, example: MustPass) -> None:
        await self._connection.execute(must_pass.insert().values(asdict(example)))

    async def remove(self, example_id: str) -> str | None:
        """The intent of what was removed; None when it was gone."""
        rows = await self._connection.execute(
            must_pass.delete().where(must_pass.c.id == example_id).returning(must_pass.c.intent)
        )
        row = rows.one_or_none()
        return row.intent if row else None
