"""Hand-offs: the queue, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import OPEN_HANDOFFS, WAITING_HANDOFFS, Handoff, HandoffState, NoticeEvent
from bot.store.occasions import Occasions
from bot.store.tables import handoffs

_WAITS = handoffs.c.state.in_([state.value for state in WAITING_HANDOFFS])
_UNANSWERED = sa.and_(
    handoffs.c.state.in_([state.value for state in OPEN_HANDOFFS]),
    handoffs.c.replied_at.is_(None),
)
CANDIDATES = 50
_EVENTS: dict[HandoffState, NoticeEvent] = {
    HandoffState.REQUESTED: "handoff_requested",
    HandoffState.ACCEPTED: "handoff_accepted",
    HandoffState.RESOLVED: "handoff_resolved",
    HandoffState.RETURNED: "handoff_resolved",
    HandoffState.ABANDONED: "handoff_resolved",
    HandoffState.EXPIRED: "handoff_resolved",
}


class Handoffs:
    """Reads and writes `handoffs`."""

    def __init__(self, connection: AsyncConnection, occasions: Occasions) -> None:
        self._connection = connection
        self._occasions = occasions

    async def add(self, handoff: Handoff) -> None:
        await self._connection.execute(
            handoffs.insert().values({**asdict(handoff), "state": handoff.state.value})
        )
        self._tell(handoff)

    async def update(self, handoff: Handoff) -> None:
        """Write the parts of a hand-off that change during its life."""
        await self._connection.execute(
            handoffs.update()
            .where(handoffs.c.id == handoff.id)
            .values(
                state=handoff.state.value,
                agent_id=handoff.agent_id,
                accepted_at=handoff.accepted_at,
                closed_at=handoff.closed_at,
                queue=handoff.queue,
                priority=handoff.priority,
                queued_at=handoff.queued_at,
                ranked_at=handoff.ranked_at,
                warn_at=handoff.warn_at,
                due_at=handoff.due_at,
                replied_at=handoff.replied_at,
            )
        )
        self._tell(handoff)

    async def set_offered(self, handoff_id: str, *, is_offered: bool) -> None:
        """Whether one agent is being asked. An offer is between us and our agents: nothing outside
        follows from it. Lock the conversation first."""
        before, after = HandoffState.REQUESTED, HandoffState.OFFERED
        if not is_offered:
            before, after = after, before
        await self._connection.execute(
            handoffs.update()
            .where(handoffs.c.id == handoff_id, handoffs.c.state == before.value)
            .values(state=after.value)
        )

    def _tell(self, handoff: Handoff) -> None:
        if handoff.state in _EVENTS:
            self._occasions.add(
                _EVENTS[handoff.state],
                handoff.conversation_id,
                handoff.customer_id,
                handoff_id=handoff.id,
                state=handoff.state.value,
                agent_id=handoff.agent_id,
            )

    async def set_card(self, handoff: Handoff) -> None:
        """Write the card; lock the conversation before reading it."""
        await self._connection.execute(
            handoffs.update().where(handoffs.c.id == handoff.id).values(card=handoff.card)
        )

    async def set_words(self, handoff: Handoff) -> None:
        """Write the card and the evidence, of which something was taken back; lock the conversation
        before reading them."""
        await self._connection.execute(
            handoffs.update()
            .where(handoffs.c.id == handoff.id)
            .values(card=handoff.card, evidence=handoff.evidence)
        )

    async def get(self, handoff_id: str) -> Handoff | None:
        rows = await self._connection.execute(
            sa.select(handoffs).where(handoffs.c.id == handoff_id)
        )
        row = rows.one_or_none()
        return _handoff(row) if row else None

    async def open_of(self, conversation_id: str) -> Handoff | None:
        """The hand-off in progress, if there is one."""
        found = await self.latest([conversation_id])
        handoff = found.get(conversation_id)
        return handoff if handoff is not None and handoff.state in OPEN_HANDOFFS else None

    async def latest(self, conversation_ids: list[str]) -> dict[str, Handoff]:
        """The newest hand-off of each conversation of a page, by conversation."""
        rows = await self._connection.execute(
            sa.select(handoffs)
            .where(handoffs.c.conversation_id.in_(conversation_ids))
            .order_by(handoffs.c.requested_at, handoffs.c.id)
        )
        return {row.conversation_id: _handoff(row) for row in rows}

    async def all_of(self, conversation_id: str) -> list[Handoff]:
        """Every hand-off that the conversation ever had."""
        rows = await self._connection.execute(
            sa.select(handoffs).where(handoffs.c.conversation_id == conversation_id)
        )
        return [_handoff(row) for row in rows]

    async def page(
        self,
        states: Sequence[HandoffState],
        *,
        after: tuple[datetime, str] | None = None,
        limit: int,
    ) -> list[Handoff]:
        """Who is to be served first, which among those served is who asked first; `after` is the
        (ranked_at, id) of the last row of the page above."""
        query = sa.select(handoffs).where(handoffs.c.state.in_([state.value for state in states]))
        if after is not None:
            query = query.where(
                sa.tuple_(handoffs.c.ranked_at, handoffs.c.id)
                > sa.tuple_(sa.literal(after[0], handoffs.c.ranked_at.type), sa.literal(after[1]))
            )
        query = query.order_by(handoffs.c.ranked_at, handoffs.c.id)
        rows = await self._connection.execute(query.limit(limit))
        return [_handoff(row) for row in rows]

    async def waiting_in(self, queues: Collection[str]) -> list[Handoff]:
        """The next of these queues to be served, the first of them first."""
        rows = await self._connection.execute(
            sa.select(handoffs)
            .where(_WAITS, handoffs.c.queue.in_(queues))
            .order_by(handoffs.c.ranked_at, handoffs.c.id)
            .limit(CANDIDATES)
        )
        return [_handoff(row) for row in rows]

    async def ahead_of(self, handoff: Handoff) -> int:
        """How many of its queue are to be served before it."""
        rank = sa.literal(handoff.ranked_at, handoffs.c.ranked_at.type)
        found = await self._connection.execute(
            sa.select(sa.func.count()).where(
                _WAITS,
                handoffs.c.queue == handoff.queue,
                sa.tuple_(handoffs.c.ranked_at, handoffs.c.id)
                < sa.tuple_(rank, sa.literal(handoff.id)),
            )
        )
        return int(found.scalar_one())

    async def last_agents(
        self, customer_ids: Collection[str], *, since: datetime
    ) -> dict[str, str]:
        """Who answered each of these customers last, by customer, if that was since then."""
        rows = await self._connection.execute(
            sa.select(handoffs.c.customer_id, handoffs.c.agent_id)
            .where(
                handoffs.c.customer_id.in_(customer_ids),
                handoffs.c.accepted_at >= since,
                handoffs.c.agent_id.is_not(None),
            )
            .order_by(handoffs.c.accepted_at, handoffs.c.id)
        )
        return {row.customer_id: row.agent_id for row in rows}

    async def waits(self, queue: str, *, since: datetime, limit: int) -> list[timedelta]:
        """How long those of the queue waited who were taken on since then, the latest first."""
        rows = await self._connection.execute(
            sa.select(handoffs.c.queued_at, handoffs.c.accepted_at)
            .where(
                handoffs.c.queue == queue,
                handoffs.c.accepted_at >= since,
                handoffs.c.turn_id.is_not(None),  # who was taken over from the bot never waited
            )
            .order_by(handoffs.c.accepted_at.desc())
            .limit(limit)
        )
        return [row.accepted_at - row.queued_at for row in rows]

    async def replied(self, conversation_id: str, *, at: datetime) -> Handoff | None:
        """Note the first reply of a person; the hand-off if this was it."""
        rows = await self._connection.execute(
            handoffs.update()
            .where(
                handoffs.c.conversation_id == conversation_id,
                handoffs.c.state == HandoffState.ACCEPTED.value,
                handoffs.c.replied_at.is_(None),
            )
            .values(replied_at=at)
            .returning(*handoffs.c)
        )
        row = rows.first()
        return _handoff(row) if row else None

    async def unanswered(self, *, at: datetime) -> dict[tuple[str, str], int]:
        """How many wait for their first reply, by queue and `in_time`, `warned` or `late`."""
        return await self._by_level(_UNANSWERED, at=at)

    async def waiting(self, *, at: datetime) -> dict[tuple[str, str], int]:
        """The same of those whom no agent has yet."""
        return await self._by_level(_WAITS, at=at)

    async def _by_level(
        self, condition: sa.ColumnElement[bool], *, at: datetime
    ) -> dict[tuple[str, str], int]:
        level = sa.case(
            (handoffs.c.due_at <= at, "late"),
            (handoffs.c.warn_at <= at, "warned"),
            else_="in_time",
        ).label("level")
        rows = await self._connection.execute(
            sa.select(handoffs.c.queue, level, sa.func.count().label("number"))
            .where(condition)
            .group_by(handoffs.c.queue, level)
        )
        return {(row.queue, row.level): row.number for row in rows}


def _handoff(row: sa.Row[Any]) -> Handoff:
    return Handoff(**{**row._mapping, "state": HandoffState(row.state)})
