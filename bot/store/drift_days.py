"""What customers wrote, in figures by day: counted once for a day that is over, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistant.reply import NOT_UNDERSTOOD
from bot.readable import DELETED
from bot.store.tables import drift_days, messages, turns

# What the bot read to answer it; words for an agent are no request.
_FOR_THE_BOT = ("answered", "misunderstood", "handed_off")
_REQUEST = sa.func.coalesce(turns.c.ranking[(0, "intent")].as_string(), "")
_CONFIDENCE = turns.c.ranking[(0, "confidence")].as_float()


@dataclass(frozen=True, slots=True)
class DriftDay:
    """One day's messages (in UTC) whose likeliest request is `intent`, "" where there is none; how
    many were refused, and the sum of that request's confidence and of its square."""

    day: date
    intent: str
    messages: int
    refused: int
    confidence: float
    confidence_squares: float


class DriftDays:
    """Reads and writes `drift_days`. A day that was counted has a row for "", if of no messages;
    one whose rows are deleted is counted anew."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def first_day(self) -> date | None:
        """When the log begins."""
        found = await self._connection.execute(sa.select(sa.func.min(turns.c.created_at)))
        first: datetime | None = found.scalar_one()
        return first.date() if first else None

    async def counted(self, *, since: date) -> set[date]:
        rows = await self._connection.execute(
            sa.select(drift_days.c.day).where(drift_days.c.day >= since, drift_days.c.intent == "")
        )
        return set(rows.scalars())

    async def count(self, day: date) -> list[DriftDay]:
        """The day's figures as the log has them now."""
        begins = datetime.combine(day, time(), timezone.utc)
        refused = sa.case((turns.c.intent.in_(NOT_UNDERSTOOD), 1), else_=0)
        rows = await self._connection.execute(
            sa.select(
                _REQUEST.label("intent"),
                sa.func.count().label("messages"),
                sa.func.sum(refused).label("refused"),
                sa.func.coalesce(sa.func.sum(_CONFIDENCE), 0.0).label("confidence"),
                sa.func.coalesce(sa.func.sum(_CONFIDENCE * _CONFIDENCE), 0.0).label(
                    "confidence_squares"
                ),
            )
            .join(messages, messages.c.id == turns.c.message_id)
            .where(
                turns.c.created_at >= begins,
                turns.c.created_at < begins + timedelta(days=1),
                turns.c.state == "done",
                turns.c.outcome.in_(_FOR_THE_BOT),
                turns.c.text.not_in(("", DELETED)),
                messages.c.payload.is_(None),  # a pressed button is certain
            )
            .group_by(sa.text("1"))
        )
        found = [DriftDay(day=day, **row._mapping) for row in rows]
        if all(one.intent for one in found):
            found.append(DriftDay(day, "", 0, 0, 0.0, 0.0))
        return found

    async def keep(self, counted: Sequence[DriftDay]) -> None:
        """Store them; what another process stored first stays."""
        # In one order everywhere, or two who store the same would wait for each other.
        rows = [asdict(one) for one in sorted(counted, key=lambda one: one.intent)]
        dialect: Any = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        await self._connection.execute(dialect.insert(drift_days).on_conflict_do_nothing(), rows)

    async def kept(self, *, since: date, until: date) -> list[DriftDay]:
        """Those from `since` up to and without `until`."""
        rows = await self._connection.execute(
            sa.select(drift_days).where(drift_days.c.day >= since, drift_days.c.day < until)
        )
        return [DriftDay(**row._mapping) for row in rows]
