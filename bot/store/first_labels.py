"""Since when models may have learnt from a customer: kept when a label goes, for their erasure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import customers, labels


async def keep_first_labels(connection: AsyncConnection, doomed: sa.ColumnElement[bool]) -> None:
    """Before these labels are deleted: their customers keep when the first of them was given."""
    rows = await connection.execute(
        sa.select(labels.c.customer_id, sa.func.min(labels.c.created_at).label("first"))
        .where(doomed)
        .group_by(labels.c.customer_id)
        .order_by(labels.c.customer_id)
    )
    for row in rows.all():
        await keep_labelled_since(connection, [row.customer_id], row.first)


async def keep_labelled_since(
    connection: AsyncConnection, customer_ids: Collection[str], at: datetime
) -> None:
    """A message of theirs was labelled then, if not earlier."""
    kept = customers.c.first_labelled_at
    await connection.execute(
        customers.update()
        .where(customers.c.id.in_(customer_ids), sa.or_(kept.is_(None), kept > at))
        .values(first_labelled_at=at)
    )
