"""Notices: what subscribers are to be told, written in the transaction that it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import new_id, now
from bot.records import Notice, NoticeState, Subscription
from bot.store.occasions import Occasion
from bot.store.tables import UtcDateTime, notices, subscriptions

# Statements of every turn are built once: building one costs more than running it.
_ADD = notices.insert()
# Written out in the statement: a partial index serves only a query that names its condition.
_OPEN: sa.BindParameter[Any] = sa.bindparam(
    "open", ("pending", "sending"), expanding=True, literal_execute=True, unique=True
)
_EARLIER = notices.alias("earlier")
_BEHIND = sa.exists().where(
    _EARLIER.c.subscription_id == notices.c.subscription_id,
    _EARLIER.c.conversation_id == notices.c.conversation_id,
    _EARLIER.c.state.in_(_OPEN),
    _EARLIER.c.number < notices.c.number,
)
_DUE = (
    sa.select(notices)
    .where(
        notices.c.subscription_id == sa.bindparam("subscription"),
        notices.c.state.in_(_OPEN),
        notices.c.next_attempt_at <= sa.bindparam("at", type_=UtcDateTime),
        ~_BEHIND,
    )
    .order_by(notices.c.next_attempt_at, notices.c.number)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_CHANGED = (
    "state",
    "attempts",
    "next_attempt_at",
    "give_up_at",
    "body",
    "response_status",
    "duration_ms",
    "error",
    "finished_at",
)


class Notices:
    """Reads and writes `notices`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, occasions: Iterable[Occasion], listeners: Iterable[Subscription]) -> bool:
        """A notice of each for whoever subscribed to its event; whether there was any."""
        at = now()
        rows = [
            {
                "id": new_id(),
                "subscription_id": listener.id,
                "conversation_id": occasion.conversation_id,
                "customer_id": occasion.customer_id,
                "event": occasion.event,
                "facts": occasion.facts,
                "state": "pending",
                "attempts": 0,
                "next_attempt_at": at,
                "created_at": at,
            }
            for listener in listeners
            for occasion in occasions
            if occasion.event in listener.events
        ]
        if rows:
            await self._connection.execute(_ADD, rows)
        return bool(rows)

    async def due(self, subscription_id: str, *, at: datetime, most: int) -> list[Notice]:
        """What to send now, longest due first: of each conversation the first that is not settled,
        also one whose sender's lease has run out."""
        rows = await self._connection.execute(
            _DUE, {"subscription": subscription_id, "at": at, "most": most}
        )
        return [Notice(**row._mapping) for row in rows]

    async def claim(self, was: Notice, becomes: Notice) -> bool:
        """Become the one who sends it; False when somebody else was first."""
        return await self._change(was, becomes, notices.c.next_attempt_at == was.next_attempt_at)

    async def change(self, was: Notice, becomes: Notice) -> bool:
        """Write what became of one that is ours; False when it is no longer."""
        return await self._change(was, becomes)

    async def renew(self, notice: Notice, *, until: datetime) -> None:
        """Keep a claimed one for longer."""
        await self._connection.execute(
            notices.update().where(*_same(notice)).values(next_attempt_at=until)
        )

    async def get(self, notice_id: str) -> Notice | None:
        rows = await self._connection.execute(sa.select(notices).where(notices.c.id == notice_id))
        row = rows.one_or_none()
        return Notice(**row._mapping) if row else None

    async def page(
        self,
        subscription_id: str,
        *,
        states: Collection[NoticeState],
        event: str | None,
        before: int | None,
        limit: int,
    ) -> list[Notice]:
        """Newest first; `before` is the number of the last row of the page above."""
        query = sa.select(notices).where(notices.c.subscription_id == subscription_id)
        if states:
            query = query.where(notices.c.state.in_(states))
        if event is not None:
            query = query.where(notices.c.event == event)
        if before is not None:
            query = query.where(notices.c.number < before)
        rows = await self._connection.execute(query.order_by(notices.c.number.desc()).limit(limit))
        return [Notice(**row._mapping) for row in rows]

    async def counts(self) -> dict[tuple[str, str], int]:
        """How many wait, are being sent or were given up, by subscription and state."""
        rows = await self._connection.execute(
            sa.select(notices.c.subscription_id, notices.c.state, sa.func.count())
            .where(notices.c.state.in_(("pending", "sending", "dead")))
            .group_by(notices.c.subscription_id, notices.c.state)
        )
        return {(subscription_id, state): count for subscription_id, state, count in rows}

    async def drop_open(self, subscription_id: str, *, at: datetime) -> None:
        """Send nothing more of what waits for this subscriber."""
        await self._connection.execute(
            notices.update()
            .where(notices.c.subscription_id == subscription_id, notices.c.state.in_(_OPEN))
            .values(state="dropped", next_attempt_at=None, give_up_at=None, finished_at=at)
        )

    async def forget(self, conversation_id: str) -> None:
        """Keep no bodies of this conversation's: something that it said was taken back. What is
        still to be sent is written anew, without it."""
        await self._connection.execute(
            notices.update()
            .where(notices.c.conversation_id == conversation_id, notices.c.body.is_not(None))
            .values(body=None)
        )

    async def drop_old(self, *, bodies_before: datetime, rows_before: datetime) -> None:
        """Forget the bodies, and later the rows, of what was settled long ago; and drop what a
        process wrote that did not know yet that a subscription was deleted."""
        deleted = sa.select(subscriptions.c.id).where(subscriptions.c.deleted_at.is_not(None))
        await self._connection.execute(
            notices.update()
            .where(notices.c.subscription_id.in_(deleted), notices.c.state.in_(_OPEN))
            .values(state="dropped", next_attempt_at=None)
        )
        settled = notices.c.state.in_(("delivered", "dead", "dropped"))
        await self._connection.execute(
            notices.delete().where(settled, notices.c.created_at < rows_before)
        )
        await self._connection.execute(
            notices.update()
            .where(settled, notices.c.created_at < bodies_before, notices.c.body.is_not(None))
            .values(body=None)
        )

    async def _change(
        self, was: Notice, becomes: Notice, *conditions: sa.ColumnElement[bool]
    ) -> bool:
        values = {name: value for name, value in asdict(becomes).items() if name in _CHANGED}
        changed = await self._connection.execute(
            notices.update().where(*_same(was), *conditions).values(values)
        )
        return bool(changed.rowcount)


def _same(notice: Notice) -> tuple[sa.ColumnElement[bool], ...]:
    # The number of attempts fences, as in the outbox.
    return (
        notices.c.id == notice.id,
        notices.c.state == notice.state,
        notices.c.attempts == notice.attempts,
    )
