"""The log of turns that leads read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Turn
from bot.searching import words_of
from bot.store.search import messages_with
from bot.store.tables import labels, turns

FEW = 5_000  # messages with some words, to be named in a query one by one
NEAR = 1_000  # turns at an end of a period, among which its least or greatest id is
COUNTED = 10_000  # of the newest turns, for the values to filter by
FACETS = ("intent", "outcome", "channel", "reason")
_IS_LABELLED = sa.exists().where(labels.c.turn_id == turns.c.id, labels.c.undone_at.is_(None))


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
    labelled: bool | None = None


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
            query = query.where(await self._has(words_of(wanted.text)))
        query = query.where(*await self._bounds(wanted))
        if before is not None:
            query = query.where(turns.c.id < before)
        rows = await self._connection.execute(query.order_by(turns.c.id.desc()).limit(limit))
        return [Turn(**row._mapping) for row in rows]

    async def _bounds(self, wanted: TurnFilter) -> list[sa.ColumnElement[bool]]:
        """Between which ids the period lies, so that an old one is not searched for from the newest
        turn on: ids rise with time, but for what several processes wrote within moments."""
        at, bounds = turns.c.created_at, list[sa.ColumnElement[bool]]()
        if wanted.since is not None:
            first = sa.select(turns.c.id).where(at >= wanted.since).order_by(at).limit(NEAR)
            bounds.append(turns.c.id >= await self._one(sa.func.min(first.subquery().c.id)))
        if wanted.until is not None:
            last = sa.select(turns.c.id).where(at < wanted.until).order_by(at.desc()).limit(NEAR)
            bounds.append(turns.c.id <= await self._one(sa.func.max(last.subquery().c.id)))
        return bounds

    async def _one(self, end: sa.ColumnElement[str]) -> str:
        """ "" where the period has no turn: then no other condition finds one either."""
        return (await self._connection.execute(sa.select(end))).scalar_one() or ""

    async def _has(self, words: Sequence[str]) -> sa.ColumnElement[bool]:
        """That a turn's message has these words. Rare ones are looked up first: how rare, no
        database guesses well, and it would read the whole log to find the last of them."""
        if not words:
            return sa.false()
        hits = messages_with(words, self._connection.dialect.name)
        found = (await self._connection.execute(hits.limit(FEW + 1))).scalars().all()
        if len(found) <= FEW:
            return turns.c.message_id.in_(found)
        if self._connection.dialect.name == "sqlite":
            return turns.c.message_id.in_(hits)
        # Of frequent ones the page is soon full: PostgreSQL is kept from finding them all first,
        # which it does not do behind an OFFSET.
        (message_id,) = hits.selected_columns
        return sa.exists(hits.where(message_id == turns.c.message_id).correlate(turns).offset(0))

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
        elif field.name == "labelled":
            conditions.append(_IS_LABELLED if value else sa.not_(_IS_LABELLED))
        else:
            conditions.append(turns.c[field.name] == value)
    return conditions
