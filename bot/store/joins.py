"""Joins: which customers proved to be one, what was changed for it, and what was taken apart."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Join
from bot.store.tables import joins


class Joins:
    """Reads and writes `joins`. Whoever adds or undoes one locks both customers first."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, join: Join) -> None:
        await self._connection.execute(joins.insert().values(asdict(join)))

    async def get(self, join_id: str) -> Join | None:
        rows = await self._connection.execute(sa.select(joins).where(joins.c.id == join_id))
        row = rows.one_or_none()
        return Join(**row._mapping) if row else None

    async def undo(self, join_id: str, *, by: str, at: datetime) -> None:
        await self._connection.execute(
            joins.update().where(joins.c.id == join_id).values(undone_at=at, undone_by=by)
        )

    async def of_customer(self, customer_id: str) -> list[Join]:
        """The joins that this customer had a part in, newest first."""
        rows = await self._connection.execute(
            sa.select(joins)
            .where(sa.or_(joins.c.customer_id == customer_id, joins.c.joined_id == customer_id))
            .order_by(joins.c.created_at.desc(), joins.c.id.desc())
        )
        return [Join(**row._mapping) for row in rows]

    async def taken_apart(self, one: str, other: str) -> bool:
        """Whether somebody undid a join of these two customers."""
        pair = {one, other}
        found = await self._connection.execute(
            sa.select(joins.c.id)
            .where(
                joins.c.customer_id.in_(pair),
                joins.c.joined_id.in_(pair),
                joins.c.undone_at.is_not(None),
            )
            .limit(1)
        )
        return found.one_or_none() is not None

    async def joined_into(self, customer_id: str) -> set[str]:
        """The customer and all who joined them, also by way of others."""
        everybody = sa.select(sa.literal(customer_id).label("id")).cte("everybody", recursive=True)
        everybody = everybody.union(
            sa.select(joins.c.joined_id).where(
                joins.c.customer_id == everybody.c.id, joins.c.undone_at.is_(None)
            )
        )
        rows = await self._connection.execute(sa.select(everybody.c.id))
        return {row.id for row in rows}
