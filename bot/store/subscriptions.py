"""Subscriptions: which programs are told of what."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Subscription
from bot.store.tables import subscriptions

_KEPT = subscriptions.c.deleted_at.is_(None)


class Subscriptions:
    """Reads and writes `subscriptions`. A deleted one stays as a row: what is being written for it
    at that moment must not fail whoever writes it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, subscription: Subscription) -> None:
        await self._connection.execute(subscriptions.insert().values(asdict(subscription)))

    async def update(self, subscription: Subscription) -> None:
        """Write the parts of a subscription that can be changed."""
        await self._connection.execute(
            subscriptions.update()
            .where(subscriptions.c.id == subscription.id)
            .values(
                url=subscription.url,
                events=subscription.events,
                active=subscription.active,
                deleted_at=subscription.deleted_at,
            )
        )

    async def get(self, subscription_id: str) -> Subscription | None:
        return await self._one(sa.select(subscriptions), subscription_id)

    async def lock(self, subscription_id: str) -> Subscription | None:
        """The subscription, which nobody else changes before this transaction has ended; None for
        one that was deleted."""
        return await self._one(
            sa.select(subscriptions).with_for_update(key_share=True), subscription_id
        )

    async def all(self, *, after: tuple[datetime, str] | None, limit: int) -> list[Subscription]:
        """Oldest first; `after` is the (created_at, id) of the last row of the page above."""
        query = sa.select(subscriptions).where(_KEPT)
        if after is not None:
            query = query.where(
                sa.tuple_(subscriptions.c.created_at, subscriptions.c.id)
                > sa.tuple_(
                    sa.literal(after[0], subscriptions.c.created_at.type), sa.literal(after[1])
                )
            )
        query = query.order_by(subscriptions.c.created_at, subscriptions.c.id).limit(limit)
        rows = await self._connection.execute(query)
        return [Subscription(**row._mapping) for row in rows]

    async def active(self) -> list[Subscription]:
        """Those that are told now."""
        rows = await self._connection.execute(
            sa.select(subscriptions).where(_KEPT, subscriptions.c.active.is_(True))
        )
        return [Subscription(**row._mapping) for row in rows]

    async def count(self) -> int:
        found = await self._connection.execute(sa.select(sa.func.count()).where(_KEPT))
        return int(found.scalar_one())

    async def _one(self, query: sa.Select[Any], subscription_id: str) -> Subscription | None:
        rows = await self._connection.execute(
            query.where(_KEPT, subscriptions.c.id == subscription_id)
        )
        row = rows.one_or_none()
        return Subscription(**row._mapping) if row else None
