"""Hand-offs: the queue, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import OPEN_HANDOFFS, Handoff, HandoffState, NoticeEvent
from bot.store.occasions import Occasions
from bot.store.tables import handoffs

# An offer is between us and our agents: nothing outside follows from it.
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
            )
        )
        self._tell(handoff)

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

    async def page(
        self,
        states: Sequence[HandoffState],
        *,
        after: tuple[datetime, str] | None = None,
        limit: int,
    ) -> list[Handoff]:
        """Oldest first; `after` is the (requested_at, id) of the last row of the page above."""
        query = sa.select(handoffs).where(handoffs.c.state.in_([state.value for state in states]))
        if after is not None:
            query = query.where(
                sa.tuple_(handoffs.c.requested_at, handoffs.c.id)
                > sa.tuple_(
                    sa.literal(after[0], handoffs.c.requested_at.type), sa.literal(after[1])
                )
            )
        query = query.order_by(handoffs.c.requested_at, handoffs.c.id)
        rows = await self._connection.execute(query.limit(limit))
        return [_handoff(row) for row in rows]


def _handoff(row: sa.Row[Any]) -> Handoff:
    return Handoff(**{**row._mapping, "state": HandoffState(row.state)})
