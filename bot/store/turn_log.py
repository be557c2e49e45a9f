"""The log of turns that leads read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Turn
from bot.searching import words_of
from bot.store.search import messages_with
from bot.store.tables import turns

COUNTED = 10_000  # of the newest turns, for the values to filter by
FACETS = ("intent", "outcome", "channel", "reason")


@dataclass(frozen=True, slots=True)
class TurnFilter:
    """What a lead looks for; None means any."""

    intent: str | None = None
    outcome: str | None = None
    channel: str | None = None
    reason: str | None = None
    conversation_id: str | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedText:
    """A logged message by its words."""

    id: str
    conversation_id: str
    customer_id: str
    text: str


class TurnLog:
    """Reads the finished turns of `turns`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(self, wanted: TurnFilter, *, before: str | None, limit: int) -> list[Turn]:
        """Finished turns, newest first; `before` is the last id of the page above."""
        query = sa.select(turns).where(
            turns.c.state == "done", turns.c.outcome != "resumed", *_conditions(wanted)
        )
        if wanted.text is not None:
            words = words_of(wanted.text)
            dialect = self._connection.dialect.name
            query = query.where(
                turns.c.message_id.in_(messages_with(words, dialect)) if words else sa.false()
            )
        if before is not None:
            query = query.where(turns.c.id < before)
        rows = await self._connection.execute(query.order_by(turns.c.id.desc()).limit(limit))
        return [Turn(**row._mapping) for row in rows]

    async def facets(self) -> dict[str, list[dict[str, Any]]]:
        """The values to filter by, with how many of the newest turns have each: a count over all
        of a long log would take seconds."""
        newest = (
            sa.select(*(turns.c[name] for name in FACETS))
            .where(turns.c.state == "done", turns.c.outcome != "resumed")
            .order_by(turns.c.id.desc())
            .limit(COUNTED)
            .subquery()
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for name in FACETS:
            column = newest.c[name]
            rows = await self._connection.execute(
                sa.select(column, sa.func.count().label("turns"))
                .where(column.is_not(None))
                .group_by(column)
                .order_by(sa.desc("turns"), column)
            )
            found[f"{name}s"] = [{"value": row[0], "count": row[1]} for row in rows]
        return found

    async def texts(self, *, after: str | None, limit: int) -> list[LoggedText]:
        """What customers wrote, oldest first, after the turn of that id."""
        query = sa.select(turns.c.id, turns.c.conversation_id, turns.c.customer_id, turns.c.text)
        query = query.where(turns.c.state == "done", turns.c.id > (after or ""))
        rows = await self._connection.execute(query.order_by(turns.c.id).limit(limit))
        return [LoggedText(**row._mapping) for row in rows]


def _conditions(wanted: TurnFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    for field in fields(TurnFilter):
        value = getattr(wanted, field.name)
        if value is None:
            continue
        if field.name == "min_confidence":
            conditions.append(turns.c.confidence >= value)
        elif field.name == "max_confidence":
            conditions.append(turns.c.confidence <= value)
        elif field.name == "since":
            conditions.append(turns.c.created_at >= value)
        elif field.name == "until":
            conditions.append(turns.c.created_at < value)
        elif field.name == "text":
            continue  # read from the index of its message
        else:
            conditions.append(turns.c[field.name] == value)
    return conditions
