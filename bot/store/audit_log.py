"""The audit log: who changed what, kept for good."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import AuditEntry
from bot.store.tables import audit_log


class AuditLog:
    """Adds to `audit_log` and reads it; an entry is never changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, entry: AuditEntry) -> None:
        await self._connection.execute(audit_log.insert().values(asdict(entry)))

    async def page(self, *, before: str | None, limit: int) -> list[AuditEntry]:
        """Newest first; `before` is the last id of the page above."""
        query = sa.select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_log.c.id < before)
        rows = await self._connection.execute(query)
        return [AuditEntry(**row._mapping) for row in rows]
