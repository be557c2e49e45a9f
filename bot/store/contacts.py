"""Contacts: what conversations are cut into, and what of them has changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

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

# The dimensions that figures are cut by and filtered on.
GROUPS = ("channel", "intent", "model", "reason")
_STALE = sa.or_(
    contact_marks.c.conversation_id.is_(None),
    contact_marks.c.seen_at != conversations.c.updated_at,
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

    async def stale(self, *, after: str, limit: int) -> list[str]:
        """Conversations that have changed since they were cut, behind this id, in its order."""
        rows = await self._connection.execute(
            sa.select(conversations.c.id)
            .outerjoin(contact_marks, contact_marks.c.conversation_id == conversations.c.id)
            .where(conversations.c.id > after, _STALE)
            .order_by(conversations.c.id)
            .limit(limit)
        )
        return [row.id for row in rows]

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
        lines = await self._lines(ids)
        read = await self._turns(ids)
        helped = await self._handoffs(ids)
        said = await self._wrap_ups(ids)
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

    async def claim(self, mark: Mark) -> bool:
        """Whether nobody has cut this conversation anew since the mark was read."""
        await self._connection.execute(_BEGIN, asdict(mark))
        changed = await self._connection.execute(
            contact_marks.update()
            .where(
                contact_marks.c.conversation_id == mark.conversation_id,
                contact_marks.c.version == mark.version,
            )
            .values(version=mark.version + 1, seen_at=mark.seen_at)
        )
        return bool(changed.rowcount == 1)

    async def remove(self, ids: Collection[str]) -> None:
        await self._connection.execute(contacts.delete().where(contacts.c.id.in_(ids)))

    async def add(self, rows: Sequence[Contact]) -> None:
        if rows:
            await self._connection.execute(contacts.insert(), [asdict(row) for row in rows])

    async def touch(self, days: Iterable[date]) -> None:
        """Let these days be counted anew."""
        for day in sorted(days):  # in one order, so that nobody waits for each other
            await self._connection.execute(_TOUCH, {"day": day})

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

    async def _lines(self, ids: list[str]) -> dict[str, list[Line]]:
        rows = await self._connection.execute(
            sa.select(
                messages.c.conversation_id,
                messages.c.id,
                messages.c.seq,
                messages.c.author,
                messages.c.text,
                messages.c.channel,
                messages.c.data,
                messages.c.created_at,
            ).where(messages.c.conversation_id.in_(ids), sa.not_(messages.c.private))
        )
        found: dict[str, list[Line]] = {}
        for thread, line_id, seq, author, text, channel, data, at in rows:
            line = Line(line_id, seq, author, text, channel, data.get("event"), at)
            found.setdefault(thread, []).append(line)
        return found

    async def _turns(self, ids: list[str]) -> dict[str, list[Read]]:
        rows = await self._connection.execute(
            sa.select(
                turns.c.conversation_id,
                turns.c.seq,
                turns.c.intent,
                turns.c.outcome,
                turns.c.model,
                turns.c.entities,
            ).where(turns.c.conversation_id.in_(ids), turns.c.outcome != "resumed")
        )
        found: dict[str, list[Read]] = {}
        for thread, *read in rows:
            found.setdefault(thread, []).append(Read(*read))
        return found

    async def _handoffs(self, ids: list[str]) -> dict[str, list[Help]]:
        columns = ("reason", "requested_at", "accepted_at", "replied_at", "closed_at")
        rows = await self._connection.execute(
            sa.select(
                handoffs.c.conversation_id,
                *(handoffs.c[name] for name in columns),
                surveys.c.csat,
                surveys.c.effort,
            )
            .outerjoin(surveys, surveys.c.handoff_id == handoffs.c.id)
            .where(handoffs.c.conversation_id.in_(ids))
        )
        found: dict[str, list[Help]] = {}
        for thread, *times in rows:
            found.setdefault(thread, []).append(Help(*times))
        return found

    async def _wrap_ups(self, ids: list[str]) -> dict[str, list[Verdict]]:
        rows: sa.CursorResult[Any] = await self._connection.execute(
            sa.select(
                wrap_ups.c.conversation_id,
                wrap_ups.c.outcome,
                wrap_ups.c.intent,
                wrap_ups.c.created_at,
            ).where(wrap_ups.c.conversation_id.in_(ids))
        )
        found: dict[str, list[Verdict]] = {}
        for thread, *said in rows:
            found.setdefault(thread, []).append(Verdict(*said))
        return found
