"""Tags of conversations, in the order of their names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Conversation, State
from bot.store.occasions import Occasions
from bot.store.tables import conversations, tags

_OPEN = sa.func.sum(sa.case((conversations.c.state != State.RESOLVED.value, 1), else_=0))


class Tags:
    """Reads and writes `tags`."""

    def __init__(self, connection: AsyncConnection, occasions: Occasions) -> None:
        self._connection = connection
        self._occasions = occasions

    async def add(self, conversation: Conversation, name: str, by: str, *, at: datetime) -> None:
        """One that the conversation does not have yet."""
        await self._connection.execute(
            tags.insert().values(
                conversation_id=conversation.id,
                name=name,
                customer_id=conversation.customer_id,
                added_by=by,
                at=at,
            )
        )
        self._changed(conversation)

    async def remove(self, conversation: Conversation, name: str) -> bool:
        """False when it was not there."""
        result = await self._connection.execute(
            tags.delete().where(tags.c.conversation_id == conversation.id, tags.c.name == name)
        )
        if result.rowcount:
            self._changed(conversation)
        return bool(result.rowcount)

    async def of(self, conversation_id: str) -> list[str]:
        return (await self.many([conversation_id])).get(conversation_id, [])

    async def many(self, conversation_ids: Collection[str]) -> dict[str, list[str]]:
        """Those of a page of conversations, by conversation; none has no entry."""
        rows = await self._connection.execute(
            sa.select(tags.c.conversation_id, tags.c.name)
            .where(tags.c.conversation_id.in_(conversation_ids))
            .order_by(tags.c.conversation_id, tags.c.name)
        )
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row.conversation_id, []).append(row.name)
        return found

    async def page(self, *, after: str | None, limit: int) -> list[tuple[str, int]]:
        """Every tag there is, each with how many open conversations have it."""
        query = (
            sa.select(tags.c.name, _OPEN.label("open"))
            .join(conversations, conversations.c.id == tags.c.conversation_id)
            .group_by(tags.c.name)
            .order_by(tags.c.name)
            .limit(limit)
        )
        if after is not None:
            query = query.where(tags.c.name > after)
        return [(row.name, row.open) for row in await self._connection.execute(query)]

    def _changed(self, conversation: Conversation) -> None:
        self._occasions.add("conversation_updated", conversation.id, conversation.customer_id)
