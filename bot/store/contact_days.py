"""Contacts counted by day: what the dashboard opens from, also over a million turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.insight.interval import Estimate, ranks
from bot.store.contact_conditions import CONDITIONS
from bot.store.contacts import GROUPS, Wanted
from bot.store.tables import contact_days, contacts, gone_days, stale_days

Time = Literal["wait_seconds", "reply_seconds", "handle_seconds"]
TIMES: tuple[Time, ...] = ("wait_seconds", "reply_seconds", "handle_seconds")
KEY = ("day", *GROUPS)
COUNTS = tuple(column.name for column in contact_days.columns if not column.primary_key)

_c = contacts.c
_SUMS: dict[str, sa.ColumnElement[Any]] = {
    "messages": _c.messages,
    "turns": _c.turns,
    "csat_sum": _c.csat,
    "csat_squares": _c.csat * _c.csat,
    "effort_sum": _c.effort,
    "effort_squares": _c.effort * _c.effort,
}
_NAMES = (*KEY, *COUNTS)
# Written alike by both databases; in the order of the keys, so that two cannot wait for each other.
_ADD_GONE = sa.text(
    f"INSERT INTO gone_days ({', '.join(_NAMES)})"  # noqa: S608  (the names are the table's own)
    f" VALUES ({', '.join(f':{name}' for name in _NAMES)})"
    f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET "
    + ", ".join(f"{name} = gone_days.{name} + excluded.{name}" for name in COUNTS)
).bindparams(sa.bindparam("day", type_=gone_days.c.day.type))


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of one value of a group; `of` is None for all together."""

    of: Any
    counts: dict[str, int]


async def keep_counts(connection: AsyncConnection, doomed: sa.ColumnElement[bool]) -> None:
    """Before contacts are deleted: their days keep counting them, whatever else changes there."""
    rows = (await connection.execute(_counted(doomed).order_by(*KEY))).all()
    for row in rows:
        await connection.execute(_ADD_GONE, dict(row._mapping))


def _counted(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """These contacts, counted by day and all they are asked for by."""
    measures = [
        sa.func.count().filter(CONDITIONS[name])
        if name in CONDITIONS
        else sa.func.coalesce(sa.func.sum(_SUMS[name]), 0)
        for name in COUNTS
    ]
    key = [contacts.c[name] for name in KEY]
    named = [measure.label(name) for name, measure in zip(COUNTS, measures, strict=True)]
    return sa.select(*key, *named).where(which).group_by(*key)


class ContactDays:
    """Reads and writes `contact_days` and `stale_days`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def stale(self) -> list[date]:
        rows = await self._connection.execute(sa.select(stale_days.c.day).order_by("day"))
        return [row.day for row in rows]

    async def count(self, day: date) -> None:
        """Count a day anew, unless another process has just done so."""
        gone = await self._connection.execute(stale_days.delete().where(stale_days.c.day == day))
        if gone.rowcount == 0:
            return
        await self._connection.execute(contact_days.delete().where(contact_days.c.day == day))
        both = sa.union_all(
            _counted(_c.day == day), sa.select(gone_days).where(gone_days.c.day == day)
        ).subquery("both")
        key = [both.c[name] for name in KEY]
        sums = [sa.func.sum(both.c[name]) for name in COUNTS]
        total = sa.select(*key, *sums).group_by(*key)
        await self._connection.execute(contact_days.insert().from_select([*KEY, *COUNTS], total))

    async def total(self, wanted: Wanted) -> Counted:
        (row,) = await self._connection.execute(
            sa.select(*_MEASURES).where(*wanted.conditions(contact_days))
        )
        return Counted(None, _counts(row))

    async def by(self, wanted: Wanted, group: str) -> list[Counted]:
        """Those of each value, the most frequent first; days in their order."""
        column = contact_days.c[group]
        order = column if group == "day" else sa.desc("contacts")
        rows = await self._connection.execute(
            sa.select(column.label("of"), *_MEASURES)
            .where(*wanted.conditions(contact_days))
            .group_by(column)
            .order_by(order, column)
        )
        return [Counted(row.of, _counts(row)) for row in rows]

    async def quantiles(self, wanted: Wanted, time: Time, *points: float) -> list[Estimate]:
        """These quantiles of a time, each with its interval, from the values in order."""
        values = self._times(wanted, time)
        n = (
            await self._connection.execute(sa.select(sa.func.count()).select_from(values))
        ).scalar_one()
        if n == 0:
            return [Estimate(0) for _ in points]
        places = [ranks(n, point) for point in points]
        needed = {place for each in places for place in each if place is not None}
        rows = await self._connection.execute(
            sa.select(values.c.place, values.c.value).where(values.c.place.in_(needed))
        )
        found: dict[int | None, float] = {row.place: row.value for row in rows}
        return [Estimate(n, found[at], found.get(low), found.get(high)) for at, low, high in places]

    async def medians(self, wanted: Wanted, time: Time) -> dict[date, tuple[int, float]]:
        """How many there were each day, and their median."""
        values = self._times(wanted, time, by_day=True)
        rows = await self._connection.execute(
            sa.select(values.c.day, values.c.n, values.c.value).where(
                values.c.place == (values.c.n + 1) // 2
            )
        )
        return {row.day: (row.n, row.value) for row in rows}

    def _times(self, wanted: Wanted, time: Time, *, by_day: bool = False) -> sa.Subquery:
        column, part = contacts.c[time], [contacts.c.day] if by_day else []
        # Which of two equal values is first changes neither; numbers alone are sorted quickly.
        place = sa.func.row_number().over(partition_by=part, order_by=column)
        n = sa.func.count().over(partition_by=part)
        return (
            sa.select(_c.day, column.label("value"), place.label("place"), n.label("n"))
            .where(*wanted.conditions(contacts), _c.handed_off, column.is_not(None))
            .subquery()
        )


_MEASURES = [sa.func.coalesce(sa.func.sum(contact_days.c[name]), 0).label(name) for name in COUNTS]


def _counts(row: sa.Row[Any]) -> dict[str, int]:
    return {name: int(row._mapping[name]) for name in COUNTS}
