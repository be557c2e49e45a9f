"""Surveys: how satisfied customers said they were, one by one and in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Survey
from bot.store.tables import handoffs, surveys

SATISFIED = 4  # 4 and 5, as the share of satisfied customers is usually counted
# What figures can be grouped by.
GROUPS = ("day", "agent_id", "channel", "queue")


@dataclass(frozen=True, slots=True)
class SurveyFilter:
    """What a lead looks for; None means any. Both days are included, in UTC."""

    since: date | None = None
    until: date | None = None
    agent_id: str | None = None
    channel: str | None = None
    queue: str | None = None
    answered: bool | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many were asked and how many of them answered, the mean of `csat` and of `effort`, and
    `satisfied`, the share of those with 4 or 5; None where nobody said so. `of` is whose they are,
    by the group."""

    of: Any
    asked: int
    answered: int
    csat: float | None
    satisfied: float | None
    effort: float | None


class Surveys:
    """Reads and writes `surveys`. Whoever answers one locks its conversation first."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, survey: Survey) -> None:
        await self._connection.execute(surveys.insert().values(asdict(survey)))

    async def get(self, survey_id: str) -> Survey | None:
        return await self._one(sa.select(surveys).where(surveys.c.id == survey_id))

    async def latest(self, conversation_id: str) -> Survey | None:
        """The conversation's newest survey."""
        return await self._one(
            sa.select(surveys)
            .where(surveys.c.conversation_id == conversation_id)
            .order_by(surveys.c.asked_at.desc(), surveys.c.id.desc())
            .limit(1)
        )

    async def current(self, conversation_id: str) -> Survey | None:
        """The survey of the conversation's newest hand-off: an older one is no longer answered by
        what is typed now."""
        newest = (
            sa.select(handoffs.c.id)
            .where(handoffs.c.conversation_id == conversation_id)
            .order_by(handoffs.c.requested_at.desc(), handoffs.c.id.desc())
            .limit(1)
        )
        return await self._one(
            sa.select(surveys).where(surveys.c.handoff_id == newest.scalar_subquery())
        )

    async def update(self, survey: Survey) -> None:
        """Write what was answered."""
        await self._connection.execute(
            surveys.update()
            .where(surveys.c.id == survey.id)
            .values(
                csat=survey.csat,
                effort=survey.effort,
                comment=survey.comment,
                answered_at=survey.answered_at,
                closed_at=survey.closed_at,
            )
        )

    async def page(
        self, wanted: SurveyFilter, *, before: tuple[datetime, str] | None, limit: int
    ) -> list[Survey]:
        """Newest first; `before` is the (asked_at, id) of the last row of the page above."""
        query = sa.select(surveys).where(*_conditions(wanted))
        if before is not None:
            query = query.where(
                sa.tuple_(surveys.c.asked_at, surveys.c.id)
                < sa.tuple_(sa.literal(before[0], surveys.c.asked_at.type), sa.literal(before[1]))
            )
        query = query.order_by(surveys.c.asked_at.desc(), surveys.c.id.desc())
        rows = await self._connection.execute(query.limit(limit))
        return [Survey(**row._mapping) for row in rows]

    async def total(self, wanted: SurveyFilter) -> Figures:
        """All of them together."""
        rows = await self._connection.execute(
            sa.select(sa.null().label("of"), *_MEASURES).where(*_conditions(wanted))
        )
        return _figures(rows.one())

    async def figures(self, wanted: SurveyFilter, *, by: str) -> Sequence[Figures]:
        """Those of each of the GROUPS `by`, in its order."""
        group = surveys.c[by]
        rows = await self._connection.execute(
            sa.select(group.label("of"), *_MEASURES)
            .where(*_conditions(wanted))
            .group_by(group)
            .order_by(group)
        )
        return [_figures(row) for row in rows]

    async def _one(self, query: sa.Select[Any]) -> Survey | None:
        row = (await self._connection.execute(query)).one_or_none()
        return Survey(**row._mapping) if row else None


_SATISFIED = sa.case((surveys.c.csat >= SATISFIED, 1.0), (surveys.c.csat.is_not(None), 0.0))
_MEASURES = (
    sa.func.count().label("asked"),
    sa.func.count(surveys.c.answered_at).label("answered"),
    sa.func.avg(surveys.c.csat).label("csat"),
    sa.func.avg(_SATISFIED).label("satisfied"),
    sa.func.avg(surveys.c.effort).label("effort"),
)


def _figures(row: sa.Row[Any]) -> Figures:
    # PostgreSQL's averages of whole numbers are decimals.
    means = {
        name: None if row._mapping[name] is None else float(row._mapping[name])
        for name in ("csat", "satisfied", "effort")
    }
    return Figures(of=row.of, asked=row.asked, answered=row.answered, **means)


def _conditions(wanted: SurveyFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [
        surveys.c[name] == value
        for name in ("agent_id", "channel", "queue")
        if (value := getattr(wanted, name)) is not None
    ]
    if wanted.since is not None:
        conditions.append(surveys.c.day >= wanted.since)
    if wanted.until is not None:
        conditions.append(surveys.c.day <= wanted.until)
    if wanted.answered is not None:
        there = surveys.c.answered_at.is_not(None)
        conditions.append(there if wanted.answered else sa.not_(there))
    return conditions
