"""Offers: which agent a waiting hand-off is put before, and what came of those before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Handoff, HandoffState, Offer, OfferState
from bot.store.tables import handoffs, offers, users

_OPEN = offers.c.state == "open"
# For each agent the end of an index, not all that they ever took.
_LAST_ACCEPTED = sa.select(
    users.c.id,
    sa.select(handoffs.c.accepted_at)
    .where(handoffs.c.agent_id == users.c.id, handoffs.c.accepted_at.is_not(None))
    .order_by(handoffs.c.accepted_at.desc())
    .limit(1)
    .scalar_subquery()
    .label("at"),
).where(users.c.id.in_(sa.bindparam("agents", expanding=True)))


class Offers:
    """Reads and writes `offers`. Whoever writes one has locked its conversation, and then its
    agent."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, offer: Offer) -> None:
        await self._connection.execute(offers.insert().values(asdict(offer)))

    async def open(self) -> list[Offer]:
        """Every open one: at most as many as there are agents."""
        return await self._found(_OPEN)

    async def open_to(self, agent_id: str) -> Offer | None:
        """What this agent is being offered."""
        found = await self._found(_OPEN, offers.c.agent_id == agent_id)
        return found[0] if found else None

    async def open_on(self, rows: Iterable[Handoff]) -> dict[str, Offer]:
        """The open offers of a page of hand-offs, by hand-off."""
        offered = [row.id for row in rows if row.state is HandoffState.OFFERED]
        if not offered:
            return {}
        return {
            offer.handoff_id: offer
            for offer in await self._found(_OPEN, offers.c.handoff_id.in_(offered))
        }

    async def end(self, offer: Offer, state: OfferState, *, at: datetime) -> bool:
        """False if it had ended."""
        result = await self._connection.execute(
            offers.update().where(offers.c.id == offer.id, _OPEN).values(state=state, ended_at=at)
        )
        return bool(result.rowcount)

    async def end_on(self, conversation_id: str, *, taken_by: str | None, at: datetime) -> None:
        """The conversation waits no more, and who has it now is not who it was offered to, or
        is."""
        taken = offers.c.agent_id == (taken_by or "")
        await self._connection.execute(
            offers.update()
            .where(offers.c.conversation_id == conversation_id, _OPEN)
            .values(state=sa.case((taken, "accepted"), else_="withdrawn"), ended_at=at)
        )

    async def had_it(self, waiting: Collection[Handoff]) -> dict[str, list[Offer]]:
        """The offers of each of these hand-offs since it came into its queue, by hand-off. Whom it
        was taken from again counts too: it was before them."""
        since = {handoff.id: handoff.queued_at for handoff in waiting}
        earlier: defaultdict[str, list[Offer]] = defaultdict(list)
        for offer in await self._found(offers.c.handoff_id.in_(since)):
            if offer.offered_at >= since[offer.handoff_id]:
                earlier[offer.handoff_id].append(offer)
        return earlier

    async def last_accepted(self, agent_ids: Collection[str]) -> dict[str, datetime]:
        """When each of these agents took their last customer, offered to them or not."""
        rows = await self._connection.execute(_LAST_ACCEPTED, {"agents": list(agent_ids)})
        return {row.id: row.at for row in rows if row.at is not None}

    async def _found(self, *conditions: sa.ColumnElement[bool]) -> list[Offer]:
        rows = await self._connection.execute(
            sa.select(offers).where(*conditions).order_by(offers.c.offered_at, offers.c.id)
        )
        return [_offer(row) for row in rows]


def _offer(row: sa.Row[Any]) -> Offer:
    return Offer(**row._mapping)
