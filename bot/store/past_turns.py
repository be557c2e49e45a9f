"""Turns as they were taken, for asking another model the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.readable import DELETED
from bot.store.tables import messages, turns, wrap_ups

_AT_ONCE = 500
_TAKEN = ("answered", "misunderstood", "handed_off", "observed")
_TURNS = (
    sa.select(
        turns.c.id,
        turns.c.conversation_id,
        turns.c.seq,
        turns.c.channel,
        turns.c.text,
        turns.c.intent,
        turns.c.outcome,
        turns.c.reason,
        turns.c.actions,
        turns.c.created_at,
        messages.c.payload.is_not(None).label("pressed"),
    )
    .join(messages, messages.c.id == turns.c.message_id)
    .where(turns.c.state == "done", turns.c.outcome.in_(_TAKEN), turns.c.text != DELETED)
)


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A finished turn of a customer's; `pressed`: its message was a button."""

    id: str
    conversation_id: str
    seq: int
    channel: str
    text: str
    intent: str | None
    outcome: str
    reason: str | None
    actions: list[dict[str, Any]]
    created_at: datetime
    pressed: bool


class PastTurns:
    """Reads `turns` with what a replay needs of their messages and wrap-ups."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest(self, limit: int) -> list[PastTurn]:
        """The newest first."""
        found: list[PastTurn] = []
        while len(found) < limit:  # by parts, because making records of them keeps others waiting
            part = min(_AT_ONCE, limit - len(found))
            query = _TURNS.order_by(turns.c.id.desc()).limit(part)
            if found:
                query = query.where(turns.c.id < found[-1].id)
            rows = await self._connection.execute(query)
            more = [PastTurn(**row._mapping) for row in rows]
            found += more
            if len(more) < part:
                break
        return found

    async def beside(self, turn_ids: Collection[str], limit: int) -> list[PastTurn]:
        """The turns of the conversations that those turns are of, at most so many: those of the
        turns that are named first."""
        found: dict[str, PastTurn] = {}
        for part in _parts(turn_ids):
            if len(found) >= limit:
                break
            theirs = sa.select(turns.c.conversation_id).where(turns.c.id.in_(part))
            rows = await self._connection.execute(
                _TURNS.where(turns.c.conversation_id.in_(theirs.scalar_subquery()))
                .order_by(turns.c.id.desc())
                .limit(limit - len(found))
            )
            found |= {row.id: PastTurn(**row._mapping) for row in rows}
        return list(found.values())

    async def texts(self, turn_ids: Collection[str]) -> dict[str, str]:
        """What these turns say, without those whose message the customer deleted."""
        found: dict[str, str] = {}
        for part in _parts(turn_ids):
            rows = await self._connection.execute(
                sa.select(turns.c.id, turns.c.text).where(
                    turns.c.id.in_(part), turns.c.text != DELETED
                )
            )
            found |= {row.id: row.text for row in rows}
        return found

    async def wrapped_up(
        self, conversation_ids: Collection[str]
    ) -> dict[str, tuple[str, datetime]]:
        """By conversation: what its agent said last that it was about, and when."""
        found: dict[str, tuple[str, datetime]] = {}
        for part in _parts(conversation_ids):
            rows = await self._connection.execute(
                sa.select(wrap_ups.c.conversation_id, wrap_ups.c.intent, wrap_ups.c.created_at)
                .where(wrap_ups.c.conversation_id.in_(part), wrap_ups.c.intent.is_not(None))
                .order_by(wrap_ups.c.created_at, wrap_ups.c.id)
            )
            found |= {row.conversation_id: (row.intent, row.created_at) for row in rows}
        return found


def _parts(ids: Collection[str]) -> Iterable[list[str]]:
    listed = list(ids)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))
