"""Labels: what leads say logged messages are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.readable import DELETED
from bot.records import Label
from bot.store.tables import labels, turns

_CURRENT = labels.c.undone_at.is_(None)
# Of one turn's labels: a label that says there is nothing to learn contradicts one that names an
# intent.
_AGREE = (
    sa.func.count(labels.c.intent) == sa.func.count(),
    sa.func.min(labels.c.intent) == sa.func.max(labels.c.intent),
)
_AT_ONCE = 500  # so many turns in a statement; SQLite takes no more than 32,766 values


@dataclass(frozen=True, slots=True)
class AcceptedLabel:
    """A logged message whose labels agree: what it is about, and who said so last, when.
    `entities` are spans of the text, `{"start", "end", "entity", "value"}`."""

    turn_id: str
    customer_id: str
    text: str
    intent: str
    entities: list[dict[str, Any]]
    user_id: str
    created_at: datetime


class Labels:
    """Reads and writes `labels`. A lead's newest label of a turn is the one that counts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, given: Sequence[Label]) -> None:
        """Each in place of what the same lead said of the same turn before."""
        for start in range(0, len(given), _AT_ONCE):
            part = given[start : start + _AT_ONCE]
            replaced = sa.tuple_(labels.c.turn_id, labels.c.user_id).in_(
                [(label.turn_id, label.user_id) for label in part]
            )
            await self._connection.execute(
                labels.update()
                .where(_CURRENT, replaced)
                .values(undone_at=max(label.created_at for label in part))
            )
            await self._connection.execute(labels.insert(), [asdict(label) for label in part])

    async def batch(self, batch: str, *, by: str) -> list[str]:
        """The turns that this lead labelled in one go, whether or not it still counts."""
        rows = await self._connection.execute(
            sa.select(labels.c.turn_id).where(labels.c.batch == batch, labels.c.user_id == by)
        )
        return [row.turn_id for row in rows]

    async def undo(self, batch: str, *, by: str, at: datetime) -> list[str]:
        """Take back what this lead gave in one go; the turns it was given to, without those that
        have another label of theirs by now."""
        rows = await self._connection.execute(
            labels.update()
            .where(_CURRENT, labels.c.batch == batch, labels.c.user_id == by)
            .values(undone_at=at)
            .returning(labels.c.turn_id)
        )
        return [row.turn_id for row in rows]

    async def of_turns(self, turn_ids: Collection[str]) -> dict[str, list[Label]]:
        """The labels that count, by turn, oldest first; a turn without any has no entry."""
        rows = await self._connection.execute(
            sa.select(labels)
            .where(_CURRENT, labels.c.turn_id.in_(turn_ids))
            .order_by(labels.c.created_at, labels.c.id)
        )
        found: dict[str, list[Label]] = {}
        for row in rows:
            found.setdefault(row.turn_id, []).append(Label(**row._mapping))
        return found

    async def accepted(self) -> list[AcceptedLabel]:
        """All that can be learnt from: labels that nobody contradicts, in the order of giving."""
        agreed = (
            sa.select(sa.func.max(labels.c.id).label("id"))
            .where(_CURRENT)
            .group_by(labels.c.turn_id)
            .having(*_AGREE)
            .subquery()
        )
        rows = await self._connection.execute(
            sa.select(
                labels.c.turn_id,
                labels.c.customer_id,
                turns.c.text,
                labels.c.intent,
                labels.c.entities,
                labels.c.user_id,
                labels.c.created_at,
            )
            .join(agreed, agreed.c.id == labels.c.id)
            .join(turns, turns.c.id == labels.c.turn_id)
            .where(turns.c.text != DELETED)
            .order_by(labels.c.created_at, labels.c.id)
        )
        return [AcceptedLabel(**row._mapping) for row in rows]

    async def contested(self) -> list[str]:
        """The turns whose labels contradict each other, oldest first."""
        said = sa.func.coalesce(labels.c.intent, "")
        rows = await self._connection.execute(
            sa.select(labels.c.turn_id)
            .where(_CURRENT)
            .group_by(labels.c.turn_id)
            .having(sa.func.min(said) != sa.func.max(said))
            .order_by(labels.c.turn_id)
        )
        return list(rows.scalars())

    async def counts(self) -> dict[str, int]:
        """How many messages have labels that agree, by intent."""
        rows = await self._connection.execute(
            sa.select(sa.func.max(labels.c.intent).label("intent"))
            .where(_CURRENT)
            .group_by(labels.c.turn_id)
            .having(*_AGREE)
        )
        return Counter(rows.scalars())

    async def conversations(self, turn_ids: Collection[str]) -> dict[str, str]:
        """The conversation of each of these turns that has a label."""
        found: dict[str, str] = {}
        wanted = sorted(turn_ids)
        for start in range(0, len(wanted), _AT_ONCE):
            rows = await self._connection.execute(
                sa.select(labels.c.turn_id, labels.c.conversation_id).where(
                    labels.c.turn_id.in_(wanted[start : start + _AT_ONCE])
                )
            )
            found.update((row.turn_id, row.conversation_id) for row in rows)
        return found
