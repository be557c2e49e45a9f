"""Views of the log that leads keep under a name."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import TurnView
from bot.store.tables import turn_views


class TurnViews:
    """Reads and writes `turn_views`. A name that the lead has already is an IntegrityError."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_user(self, user_id: str) -> list[TurnView]:
        """Every one of this lead's, by name."""
        rows = await self._connection.execute(
            sa.select(turn_views)
            .where(turn_views.c.user_id == user_id)
            .order_by(turn_views.c.name, turn_views.c.id)
        )
        return [TurnView(**row._mapping) for row in rows]

    async def add(self, view: TurnView) -> None:
        await self._connection.execute(turn_views.insert().values(asdict(view)))

    async def remove(self, view_id: str, *, by: str) -> bool:
        """False when this lead has no such view."""
        gone = await self._connection.execute(
            turn_views.delete().where(turn_views.c.id == view_id, turn_views.c.user_id == by)
        )
        return bool(gone.rowcount)
