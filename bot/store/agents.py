"""Agents: what each serves, and whether they are there; one without a row has the defaults."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Agent, PresenceState
from bot.store.tables import UtcDateTime, agents, conversations, messages

CONNECTED = timedelta(seconds=60)  # pages say every 20 that they still are

# Making the row is how it is locked, and both databases write it alike.
_LOCK = (
    sa.text(
        "INSERT INTO agents (user_id, queues, skills, capacity, presence, seen_at)"
        " VALUES (:user, '[]', '[]', :capacity, 'online', NULL)"
        " ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id"
        " RETURNING user_id, queues, skills, capacity, presence, missed_offers, seen_at, revoked_at"
    )
    .bindparams(capacity=Agent("").capacity)
    .columns(queues=sa.JSON, skills=sa.JSON, seen_at=UtcDateTime, revoked_at=UtcDateTime)
)


class Agents:
    """Reads and writes `agents`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, user_id: str) -> Agent:
        found = await self.many([user_id])
        return found.get(user_id, Agent(user_id))

    async def many(self, user_ids: Collection[str]) -> dict[str, Agent]:
        """Those of them who have a row, by id."""
        rows = await self._connection.execute(
            sa.select(agents).where(agents.c.user_id.in_(user_ids))
        )
        return {row.user_id: _agent(row) for row in rows}

    async def present(self, *, at: datetime) -> list[Agent]:
        """Who is online, with a page that is connected."""
        rows = await self._connection.execute(
            sa.select(agents).where(
                agents.c.presence == "online",
                agents.c.revoked_at.is_(None),
                agents.c.seen_at >= at - CONNECTED,
            )
        )
        return [_agent(row) for row in rows]

    async def lock(self, user_id: str) -> Agent:
        """The agent, whose load and settings nobody else changes before this transaction ends."""
        rows = await self._connection.execute(_LOCK, {"user": user_id})
        return _agent(rows.one())

    async def load(self, user_id: str) -> int:
        """How many conversations they have and have not put off."""
        return (await self.loads([user_id])).get(user_id, 0)

    async def loads(self, user_ids: Collection[str]) -> dict[str, int]:
        """The same of each of them who has any."""
        rows = await self._connection.execute(
            sa.select(conversations.c.agent_id, sa.func.count().label("number"))
            .where(
                conversations.c.agent_id.in_(user_ids),
                conversations.c.state == "agent",
                conversations.c.snoozed_at.is_(None),
            )
            .group_by(conversations.c.agent_id)
        )
        return {row.agent_id: row.number for row in rows}

    async def set_presence(self, user_id: str, presence: PresenceState) -> None:
        """Lock the agent first."""
        await self._set(user_id, presence=presence)

    async def set_missed_offers(self, user_id: str, missed: int) -> None:
        """Lock the agent first."""
        await self._set(user_id, missed_offers=missed)

    async def set_serving(
        self, user_id: str, *, queues: Collection[str], skills: Collection[str], capacity: int
    ) -> None:
        """Lock the agent first."""
        await self._set(user_id, queues=list(queues), skills=list(skills), capacity=capacity)

    async def seen(self, user_id: str, *, at: datetime) -> None:
        """A page of theirs is connected."""
        await self.lock(user_id)
        await self._set(user_id, seen_at=at)

    async def revoke(self, user_id: str, *, at: datetime) -> None:
        """They serve nobody any more."""
        await self.lock(user_id)
        await self._set(user_id, revoked_at=at)

    async def is_revoked(self, user_id: str) -> bool:
        return (await self.get(user_id)).revoked_at is not None

    async def stranded(self, *, since: datetime, conversation_id: str | None = None) -> list[str]:
        """Conversations of agents who were revoked, or whose pages are not connected since then
        while a customer is unanswered and nothing of ours was said since; only the one named, if
        one is. What is snoozed until a time waits for its agent, and for some time after it came
        back; what only the customer can wake would wait for ever."""
        lost = sa.and_(
            agents.c.seen_at < since,
            sa.or_(conversations.c.snoozed_at.is_(None), conversations.c.snoozed_until.is_(None)),
            sa.func.coalesce(conversations.c.snoozed_until, since) <= since,
            _last(messages.c.seq, "customer") > sa.func.coalesce(_last(messages.c.seq, "agent"), 0),
            _last(messages.c.created_at, "agent", "system", "bot") < since,
        )
        query = (
            sa.select(conversations.c.id)
            .join(agents, agents.c.user_id == conversations.c.agent_id)
            .where(conversations.c.state == "agent", sa.or_(agents.c.revoked_at.is_not(None), lost))
        )
        if conversation_id is not None:
            query = query.where(conversations.c.id == conversation_id)
        return list((await self._connection.execute(query)).scalars())

    async def _set(self, user_id: str, **values: object) -> None:
        await self._connection.execute(
            agents.update().where(agents.c.user_id == user_id).values(**values)
        )


def _last(column: sa.Column[Any], *authors: str) -> sa.ScalarSelect[Any]:
    """The greatest of what these said to the customer in the conversation."""
    return (
        sa.select(sa.func.max(column))
        .where(
            messages.c.conversation_id == conversations.c.id,
            messages.c.author.in_(authors),
            messages.c.private.is_(False),
        )
        .scalar_subquery()
    )


def _agent(row: sa.Row[Any]) -> Agent:
    return Agent(**{**row._mapping, "queues": tuple(row.queues), "skills": tuple(row.skills)})
