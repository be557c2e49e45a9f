"""Turns: first the work still to do, afterwards the log that leads read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Turn
from bot.store.tables import conversations, turns

# Statements of every turn are built once: building one costs more than running it.
_ADD = turns.insert()
_GET = sa.select(turns).where(turns.c.id == sa.bindparam("turn"))
_OLDEST_PENDING = (
    sa.select(turns)
    .where(turns.c.conversation_id == sa.bindparam("conversation"), turns.c.state == "pending")
    .order_by(turns.c.seq)
    .limit(1)
)
_MADE = (
    "state",
    "attempts",
    "intent",
    "confidence",
    "ranking",
    "entities",
    "outcome",
    "reason",
    "actions",
    "model",
    "duration_ms",
    "finished_at",
)
_FINISH = (
    turns.update()
    .where(turns.c.id == sa.bindparam("turn"))
    .values({name: sa.bindparam(name) for name in _MADE})
)
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


class Turns:
    """Reads and writes `turns`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, turn: Turn) -> None:
        await self._connection.execute(_ADD, asdict(turn))

    async def get(self, turn_id: str) -> Turn | None:
        return await self._one(_GET, turn=turn_id)

    async def oldest_pending(self, conversation_id: str) -> Turn | None:
        """The next turn to take in this conversation."""
        return await self._one(_OLDEST_PENDING, conversation=conversation_id)

    async def recent(self, conversation_id: str, *, limit: int) -> list[Turn]:
        """The conversation's newest finished turns, newest first."""
        rows = await self._connection.execute(
            sa.select(turns)
            .where(turns.c.conversation_id == conversation_id, turns.c.state == "done")
            .order_by(turns.c.seq.desc())
            .limit(limit)
        )
        return [Turn(**row._mapping) for row in rows]

    async def untaken(self, *, at: datetime, limit: int = 1000) -> list[str]:
        """Conversations with a turn to take and nobody at it, the longest waiting first."""
        free = sa.or_(conversations.c.lease_token.is_(None), conversations.c.lease_until < at)
        rows = await self._connection.execute(
            sa.select(turns.c.conversation_id, sa.func.min(turns.c.id).label("first"))
            .join(conversations, conversations.c.id == turns.c.conversation_id)
            .where(turns.c.state == "pending", free)
            .group_by(turns.c.conversation_id)
            .order_by("first")
            .limit(limit)
        )
        return [row.conversation_id for row in rows]

    async def finish(self, turn: Turn) -> None:
        """Write down what became of the turn."""
        made = {name: getattr(turn, name) for name in _MADE}
        await self._connection.execute(_FINISH, {**made, "turn": turn.id})

    async def page(self, wanted: TurnFilter, *, before: str | None, limit: int) -> list[Turn]:
        """Finished turns, newest first; `before` is the last id of the page above."""
        query = sa.select(turns).where(
            turns.c.state == "done", turns.c.outcome != "resumed", *_conditions(wanted)
        )
        if before is not None:
            query = query.where(turns.c.id < before)
        rows = await self._connection.execute(query.order_by(turns.c.id.desc()).limit(limit))
        return [Turn(**row._mapping) for row in rows]

    async def facets(self) -> dict[str, list[dict[str, Any]]]:
        """The values there are to filter by, with how many turns each has."""
        found: dict[str, list[dict[str, Any]]] = {}
        for name in FACETS:
            column = turns.c[name]
            rows = await self._connection.execute(
                sa.select(column, sa.func.count().label("turns"))
                .where(turns.c.state == "done", turns.c.outcome != "resumed", column.is_not(None))
                .group_by(column)
                .order_by(sa.desc("turns"), column)
            )
            found[f"{name}s"] = [{"value": row[0], "count": row[1]} for row in rows]
        return found

    async def _one(self, query: sa.Select[Any], **values: object) -> Turn | None:
        row = (await self._connection.execute(query, values)).one_or_none()
        return Turn(**row._mapping) if row else None


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
            conditions.append(turns.c.text.icontains(value, autoescape=True))
        else:
            conditions.append(turns.c[field.name] == value)
    return conditions
