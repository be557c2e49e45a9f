"""The audit log: who changed what, kept for good."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import get_args

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Actor, AuditEntry, AuditFilter
from bot.store.tables import audit_log

ANYTHING = AuditFilter()
ONE_BY_ONE = int.from_bytes(b"settings", "big")  # an advisory lock of PostgreSQL's
# Statements of every turn are built once: building one costs more than running it.
_ADD = audit_log.insert()
SLACK = timedelta(days=1)  # between a line's time and its id's
COUNTED = 10_000  # of the newest lines, for the values to filter by


class AuditLog:
    """Adds to `audit_log` and reads it; an entry is never changed (the database refuses it)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, entry: AuditEntry) -> None:
        await self._connection.execute(_ADD, asdict(entry))

    async def add_once(self, entry: AuditEntry, *, by: str) -> None:
        """Add it, unless the newest line of its action and subject says the same `by` this detail:
        several processes see the same change."""
        if self._connection.dialect.name == "postgresql":  # SQLite lets only one write
            await self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_BY_ONE)))
        newest = await self._connection.execute(
            sa.select(audit_log.c.details)
            .where(audit_log.c.action == entry.action, audit_log.c.subject == entry.subject)
            .order_by(audit_log.c.id.desc())
            .limit(1)
        )
        if (newest.scalar_one_or_none() or {}).get(by) != entry.details[by]:
            await self.add(entry)

    async def page(
        self, wanted: AuditFilter = ANYTHING, *, before: str | None, limit: int
    ) -> list[AuditEntry]:
        """Newest first; `before` is the last id of the page above."""
        query = sa.select(audit_log).where(*_conditions(wanted))
        if before is not None:
            query = query.where(audit_log.c.id < before)
        rows = await self._connection.execute(query.order_by(audit_log.c.id.desc()).limit(limit))
        return [AuditEntry(**row._mapping) for row in rows]

    async def actions(self) -> list[str]:
        """The actions among the newest lines, in the order of the alphabet."""
        newest = sa.select(audit_log.c.action).order_by(audit_log.c.id.desc()).limit(COUNTED)
        action = newest.subquery().c.action
        found = await self._connection.execute(sa.select(action).distinct().order_by(action))
        return list(found.scalars())


def _conditions(wanted: AuditFilter) -> list[sa.ColumnElement[bool]]:
    columns, conditions = audit_log.c, list[sa.ColumnElement[bool]]()
    if wanted.by in get_args(Actor):
        conditions.append(columns.actor == wanted.by)
    elif wanted.by is not None:
        conditions.append(columns.user_id == wanted.by)
    if wanted.actions:
        conditions.append(sa.or_(*map(_is, wanted.actions)))
    if wanted.conversation_id is not None:
        conditions.append(columns.conversation_id == wanted.conversation_id)
    if wanted.since is not None:
        conditions.append(columns.created_at >= wanted.since)
        conditions.append(columns.id >= _first_id(wanted.since, -SLACK))
    if wanted.until is not None:
        conditions.append(columns.created_at < wanted.until)
        conditions.append(columns.id < _first_id(wanted.until, SLACK))
    return conditions


def _is(action: str) -> sa.ColumnElement[bool]:
    name = audit_log.c.action
    return name == action if "." in action else name.startswith(f"{action}.", autoescape=True)


def _first_id(moment: datetime, later: timedelta) -> str:
    """Before every id that was made from so much later on: ids begin with their time (UUIDv7), so
    that an old period is not searched for from the newest line on."""
    digits = f"{max(0, int((moment.timestamp() + later.total_seconds()) * 1000)):012x}"
    return f"{digits[:8]}-{digits[8:]}"
