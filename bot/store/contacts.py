"""Contacts: what conversations are cut into, and what of them has changed since."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.insight.contact import Contact, Help, Line, Read, Thread, Verdict
from bot.insight.definitions import Figure
from bot.store.contact_conditions import behind
from bot.store.tables import (
    contact_marks,
    contacts,
    conversations,
    handoffs,
    joins,
    messages,
    stale_days,
    surveys,
    turns,
    wrap_ups,
)
from bot.store.values import values_of

One = TypeVar("One")
# The dimensions that figures are cut by and filtered on.
GROUPS = ("channel", "intent", "model", "reason")
_STALE = sa.or_(
    contact_marks.c.conversation_id.is_(None),
    contact_marks.c.seen_at != conversations.c.updated_at,
)
AT_ONCE = 50  # rows of a statement: more keep the event loop for more than a few milliseconds
_CLAIM = (
    contact_marks.update()
    .where(contact_marks.c.conversation_id == sa.bindparam("one"))
    .values(version=contact_marks.c.version + 1, seen_at=sa.bindparam("at"))
)
_BEGIN = sa.text(
    "INSERT INTO contact_marks (conversation_id, customer_id, version, seen_at)"
    " VALUES (:conversation_id, :customer_id, 0, :seen_at) ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("seen_at", type_=contact_marks.c.seen_at.type))
# Changed although it stays the same: whoever counts the day waits for who is about to change it.
_TOUCH = sa.text(
    "INSERT INTO stale_days (day) VALUES (:day) ON CONFLICT (day) DO UPDATE SET day = excluded.day"
).bindparams(sa.bindparam("day", type_=stale_days.c.day.type))


@dataclass(frozen=True, slots=True)
class Mark:
    """A conversation as it stands, and the version of what was cut from it; 0 for never."""

    conversation_id: str
    customer_id: str
    version: int
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contacts; both days are included, and None means any."""

    since: date
    until: date
    channel: str | None = None
    intent: str | None = None
    model: str | None = None
    reason: str | None = None

    def conditions(self, table: sa.Table) -> list[sa.ColumnElement[bool]]:
        narrowed = [
            table.c[name] == value for name in GROUPS if (value := getattr(self, name)) is not None
        ]
        return [table.c.day.between(self.since, self.until), *narrowed]


class Contacts:
    """Reads and writes `contacts` and `contact_marks`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def stale(self, *, before: str | None, limit: int) -> list[str]:
        """Conversations that have changed since they were cut, those begun last first; `before` is
        the id of the last one that was looked at."""
        query = (
            sa.select(conversations.c.id)
            .outerjoin(contact_marks, contact_marks.c.conversation_id == conversations.c.id)
            .where(_STALE)
            .order_by(conversations.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(conversations.c.id < before)
        return [row.id for row in await self._connection.execute(query)]

    async def share_cut(self) -> float:
        """How much of all conversations was ever cut: less than 1 while an older log is filled."""
        found = await self._connection.execute(
            sa.select(_number(contact_marks), _number(conversations))
        )
        cut, total = found.one()
        return min(cut / total, 1.0) if total else 1.0

    async def settling(self, *, at: datetime, limit: int) -> list[str]:
        """Conversations with a contact that has ended, or whose week is over, only by now."""
        rows = await self._connection.execute(
            sa.select(contacts.c.conversation_id)
            .where(contacts.c.settles_at <= at)
            .distinct()
            .limit(limit)
        )
        return [row.conversation_id for row in rows]

    async def settles_at(self) -> datetime | None:
        """When the next one will be."""
        found = await self._connection.execute(sa.select(sa.func.min(contacts.c.settles_at)))
        moment: datetime | None = found.scalar_one()
        return moment

    async def marks(self, conversation_ids: Collection[str]) -> list[Mark]:
        rows = await self._connection.execute(
            sa.select(
                conversations.c.id.label("conversation_id"),
                conversations.c.customer_id,
                sa.func.coalesce(contact_marks.c.version, 0).label("version"),
                conversations.c.updated_at.label("seen_at"),
            )
            .outerjoin(contact_marks, contact_marks.c.conversation_id == conversations.c.id)
            .where(conversations.c.id.in_(conversation_ids))
            .order_by(conversations.c.id)
        )
        return [Mark(**row._mapping) for row in rows]

    async def threads(self, marks: Sequence[Mark]) -> list[Thread]:
        """All that contacts are cut from, of these conversations."""
        ids = [mark.conversation_id for mark in marks]
        lines = await self._grouped(_LINES, ids, _line)
        read = await self._grouped(_READ, ids, _read)
        helped = await self._grouped(_HELPED, ids, _help)
        said = await self._grouped(_SAID, ids, _verdict)
        return [
            Thread(
                mark.conversation_id,
                mark.customer_id,
                lines.get(mark.conversation_id, ()),
                read.get(mark.conversation_id, ()),
                helped.get(mark.conversation_id, ()),
                said.get(mark.conversation_id, ()),
            )
            for mark in marks
        ]

    async def people(self, customer_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """Who of all customers is the same person as each of these, by the joins that hold."""
        groups = {each: {each} for each in customer_ids}
        seen: set[str] = set()
        while ahead := groups.keys() - seen:
            seen |= ahead
            rows = await self._connection.execute(
                sa.select(joins.c.customer_id, joins.c.joined_id).where(
                    joins.c.undone_at.is_(None),
                    sa.or_(joins.c.customer_id.in_(ahead), joins.c.joined_id.in_(ahead)),
                )
            )
            for one, other in rows.all():
                both = groups.setdefault(one, {one}) | groups.setdefault(other, {other})
                for each in both:
                    groups[each] = both
        return {each: frozenset(groups[each]) for each in customer_ids}

    async def of_customers(self, customer_ids: Collection[str]) -> list[Contact]:
        rows = await self._connection.execute(
            sa.select(contacts).where(contacts.c.customer_id.in_(customer_ids))
        )
        return [Contact(**row._mapping) for row in rows]

    async def claim(self, marks: Sequence[Mark]) -> set[str]:
        """Those of these conversations that nobody has cut anew since their marks were read."""
        if not marks:
            return set()
        await self._all(
            _BEGIN,
            marks,
            lambda mark: {
                "conversation_id": mark.conversation_id,
                "customer_id": mark.customer_id,
                "seen_at": mark.seen_at,
            },
        )
        rows = await self._connection.execute(
            sa.select(contact_marks.c.conversation_id, contact_marks.c.version)
            .where(contact_marks.c.conversation_id.in_([one.conversation_id for one in marks]))
            .order_by(contact_marks.c.conversation_id)
            .with_for_update()
        )
        versions = {row.conversation_id: row.version for row in rows}
        ours = [mark for mark in marks if versions[mark.conversation_id] == mark.version]
        await self._all(
            _CLAIM, ours, lambda mark: {"one": mark.conversation_id, "at": mark.seen_at}
        )
        return {mark.conversation_id for mark in ours}

    async def remove(self, ids: Collection[str]) -> None:
        await self._connection.execute(contacts.delete().where(contacts.c.id.in_(ids)))

    async def add(self, rows: Sequence[Contact]) -> None:
        await self._all(contacts.insert(), rows, values_of)

    async def touch(self, days: Iterable[date]) -> None:
        """Let these days be counted anew."""
        # In one order, so that nobody waits for each other.
        await self._all(_TOUCH, sorted(days), lambda day: {"day": day})

    async def behind(
        self,
        wanted: Wanted,
        figure: Figure,
        *,
        rest: bool,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Contact]:
        """The contacts behind a figure, newest first; `before` is the (started_at, id) of the last
        row of the page above."""
        query = sa.select(contacts).where(*wanted.conditions(contacts), *behind(figure, rest=rest))
        if before is not None:
            query = query.where(
                sa.tuple_(contacts.c.started_at, contacts.c.id)
                < sa.tuple_(
                    sa.literal(before[0], contacts.c.started_at.type), sa.literal(before[1])
                )
            )
        query = query.order_by(contacts.c.started_at.desc(), contacts.c.id.desc())
        rows = await self._connection.execute(query.limit(limit))
        return [Contact(**row._mapping) for row in rows]

    async def _all(
        self, statement: sa.Executable, rows: Sequence[One], values: Callable[[One], dict[str, Any]]
    ) -> None:
        for start in range(0, len(rows), AT_ONCE):
            part = [values(row) for row in rows[start : start + AT_ONCE]]
            await self._connection.execute(statement, part)

    async def _grouped(
        self, query: sa.Select[Any], ids: list[str], made: Callable[[Sequence[Any]], One]
    ) -> dict[str, list[One]]:
        """What is made of the rows, by their first column, the conversation's id. The driver has
        them all once the statement has run; a thread makes objects of them, as those of some
        hundred conversations would keep the event loop for a tenth of a second."""
        rows = await self._connection.execute(query, {"ids": ids})
        return await asyncio.to_thread(_by_conversation, rows, made)


def _number(table: sa.Table) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(table).scalar_subquery()


def _by_conversation(
    rows: Iterable[Sequence[Any]], made: Callable[[Sequence[Any]], One]
) -> dict[str, list[One]]:
    found: dict[str, list[One]] = {}
    for thread, *row in rows:
        found.setdefault(thread, []).append(made(row))
    return found


def _line(row: Sequence[Any]) -> Line:
    line_id, seq, author, text, channel, data, at = row
    return Line(line_id, seq, author, text, channel, data.get("event"), at)


def _read(row: Sequence[Any]) -> Read:
    return Read(*row)


def _help(row: Sequence[Any]) -> Help:
    return Help(*row)


def _verdict(row: Sequence[Any]) -> Verdict:
    return Verdict(*row)


def _of(column: sa.Column[str]) -> sa.ColumnElement[bool]:
    return column.in_(sa.bindparam("ids", expanding=True))


_LINES = sa.select(
    messages.c.conversation_id,
    messages.c.id,
    messages.c.seq,
    messages.c.author,
    messages.c.text,
    messages.c.channel,
    messages.c.data,
    messages.c.created_at,
).where(_of(messages.c.conversation_id), sa.not_(messages.c.private))
_READ = sa.select(
    turns.c.conversation_id,
    turns.c.seq,
    turns.c.intent,
    turns.c.outcome,
    turns.c.model,
    turns.c.entities,
).where(_of(turns.c.conversation_id), turns.c.outcome != "resumed")
_HELPED = (
    sa.select(
        handoffs.c.conversation_id,
        handoffs.c.reason,
        handoffs.c.requested_at,
        handoffs.c.accepted_at,
        handoffs.c.replied_at,
        handoffs.c.closed_at,
        surveys.c.csat,
        surveys.c.effort,
    )
    .outerjoin(surveys, surveys.c.handoff_id == handoffs.c.id)
    .where(_of(handoffs.c.conversation_id))
)
_SAID = sa.select(
    wrap_ups.c.conversation_id, wrap_ups.c.outcome, wrap_ups.c.intent, wrap_ups.c.created_at
).where(_of(wrap_ups.c.conversation_id))
