"""Clusters that no message is in any more: their keywords are words of those that were."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import cluster_turns, clusters

_EMPTY = ~sa.exists().where(cluster_turns.c.cluster_id == clusters.c.id)
_IS_DISMISSED = clusters.c.dismissed_at.is_not(None)


async def forget_emptied_clusters(connection: AsyncConnection) -> None:
    """Delete them; of one that was dismissed the centre is kept, so that it is not found again."""
    await connection.execute(clusters.delete().where(~_IS_DISMISSED, _EMPTY))
    await connection.execute(
        clusters.update()
        .where(_IS_DISMISSED, clusters.c.name != "", _EMPTY)
        .values(name="", keywords=[])
    )
