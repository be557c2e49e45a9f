"""Saved views: filters of the log that a lead keeps under a name."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import saved_views


@dataclass(frozen=True, slots=True)
class SavedView:
    """One of them; `query` is the page's address from after the question mark."""

    id: str
    user_id: str
    name: str
    query: str
    created_at: datetime


class SavedViews:
    """Reads and writes `saved_views`. Nobody sees another's."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, user_id: str) -> list[SavedView]:
        rows = await self._connection.execute(
            sa.select(saved_views)
            .where(saved_views.c.user_id == user_id)
            .order_by(saved_views.c.name)
        )
        return [SavedView(**row._mapping) for row in rows]

    async def put(self, view: SavedView) -> None:
        """In place of the one that had this name."""
        await self._connection.execute(
            saved_views.delete().where(
                saved_views.c.user_id == view.user_id, saved_views.c.name == view.name
            )
        )
        await self._connection.execute(saved_views.insert().values(asdict(view)))

    async def delete(self, view_id: str, *, of: str) -> bool:
        deleted = await self._connection.execute(
            saved_views.delete().where(saved_views.c.id == view_id, saved_views.c.user_id == of)
        )
        return deleted.rowcount == 1
