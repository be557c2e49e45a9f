"""Suggestions: the replies that agents were offered, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Suggestion
from bot.store.tables import UtcDateTime, suggestions

_COLUMNS = [column.name for column in suggestions.columns]
# Two who look at the same message at once are offered the same.
_ADD = sa.text(
    f"INSERT INTO suggestions ({', '.join(_COLUMNS)})"  # noqa: S608 - the table's own names
    f" VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
    " ON CONFLICT (message_id, place) DO NOTHING"
).bindparams(
    sa.bindparam("offered_at", type_=UtcDateTime),
    sa.bindparam("inserted_at", type_=UtcDateTime),
    sa.bindparam("edited", type_=sa.Boolean),
)


@dataclass(frozen=True, slots=True)
class SuggestionFigures:
    """How many suggestions of a source were offered, put into a draft, and sent as they were or
    edited."""

    source: str
    offered: int
    inserted: int
    sent_as_offered: int
    sent_edited: int


class Suggestions:
    """Reads and writes `suggestions`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, offered: Sequence[Suggestion]) -> None:
        await self._connection.execute(_ADD, [asdict(one) for one in offered])

    async def of_message(self, message_id: str) -> list[Suggestion]:
        """What was offered for this message of a customer's, the best first."""
        rows = await self._connection.execute(
            sa.select(suggestions)
            .where(suggestions.c.message_id == message_id)
            .order_by(suggestions.c.place)
        )
        return [Suggestion(**row._mapping) for row in rows]

    async def get(self, suggestion_id: str, *, conversation_id: str) -> Suggestion | None:
        rows = await self._connection.execute(
            sa.select(suggestions).where(
                suggestions.c.id == suggestion_id,
                suggestions.c.conversation_id == conversation_id,
            )
        )
        row = rows.one_or_none()
        return Suggestion(**row._mapping) if row else None

    async def inserted(self, suggestion_id: str, *, by: str, at: datetime) -> None:
        """It was put into a draft; counted the first time."""
        await self._connection.execute(
            suggestions.update()
            .where(suggestions.c.id == suggestion_id, suggestions.c.inserted_at.is_(None))
            .values(inserted_by=by, inserted_at=at)
        )

    async def sent(self, suggestion_id: str, *, message_id: str, edited: bool) -> None:
        """A message made of it was sent; what was sent first counts."""
        await self._connection.execute(
            suggestions.update()
            .where(suggestions.c.id == suggestion_id, suggestions.c.sent_id.is_(None))
            .values(sent_id=message_id, edited=edited)
        )

    async def figures(self) -> list[SuggestionFigures]:
        """For each source what became of its suggestions."""

        def those(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
            return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

        rows = await self._connection.execute(
            sa.select(
                suggestions.c.source,
                sa.func.count().label("offered"),
                those(suggestions.c.inserted_at.is_not(None)).label("inserted"),
                those(suggestions.c.edited.is_(False)).label("sent_as_offered"),
                those(suggestions.c.edited.is_(True)).label("sent_edited"),
            )
            .group_by(suggestions.c.source)
            .order_by(suggestions.c.source)
        )
        return [SuggestionFigures(**row._mapping) for row in rows]
