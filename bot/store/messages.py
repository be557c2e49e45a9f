"""The transcript: messages in the order of their sequence numbers."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Message
from bot.store.tables import messages


class Messages:
    """Reads and writes `messages`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, message: Message) -> None:
        await self._connection.execute(messages.insert().values(asdict(message)))

    async def get(self, message_id: str) -> Message | None:
        return await self._one(messages.c.id == message_id)

    async def by_external_id(self, channel: str, external_id: str) -> Message | None:
        """The message a retry repeats, if we have it."""
        return await self._one(
            sa.and_(messages.c.channel == channel, messages.c.external_id == external_id)
        )

    async def transcript(
        self, conversation_id: str, *, after: int = 0, private: bool = True, limit: int = 1000
    ) -> list[Message]:
        """Messages with a sequence number above `after`; the newest `limit` of them, in order."""
        query = sa.select(messages).where(
            messages.c.conversation_id == conversation_id, messages.c.seq > after
        )
        if not private:
            query = query.where(messages.c.private.is_(False))
        rows = await self._connection.execute(query.order_by(messages.c.seq.desc()).limit(limit))
        return [Message(**row._mapping) for row in reversed(rows.all())]

    async def of_turn(self, turn_id: str) -> list[Message]:
        """What a turn answered, in order; the customer's own message is not among them."""
        rows = await self._connection.execute(
            sa.select(messages)
            .where(messages.c.turn_id == turn_id, messages.c.author != "customer")
            .order_by(messages.c.seq)
        )
        return [Message(**row._mapping) for row in rows]

    async def newest(self, conversation_ids: list[str]) -> dict[str, Message]:
        """The last public line of each conversation of a page, by conversation."""
        last = (
            sa.select(messages.c.conversation_id, sa.func.max(messages.c.seq).label("seq"))
            .where(
                messages.c.conversation_id.in_(conversation_ids),
                messages.c.private.is_(False),
                messages.c.author != "system",
            )
            .group_by(messages.c.conversation_id)
            .subquery()
        )
        rows = await self._connection.execute(
            sa.select(messages).join(
                last,
                sa.and_(
                    messages.c.conversation_id == last.c.conversation_id,
                    messages.c.seq == last.c.seq,
                ),
            )
        )
        return {row.conversation_id: Message(**row._mapping) for row in rows}

    async def last_of_customer(self, conversation_id: str) -> Message | None:
        rows = await self._connection.execute(
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.author == "customer")
            .order_by(messages.c.seq.desc())
            .limit(1)
        )
        row = rows.one_or_none()
        return Message(**row._mapping) if row else None

    async def offered(self, conversation_id: str, payload: str, *, window: int = 50) -> str | None:
        """The title of the button with this payload in one of the last `window` bot messages."""
        rows = await self._connection.execute(
            sa.select(messages.c.buttons)
            .where(messages.c.conversation_id == conversation_id, messages.c.author == "bot")
            .order_by(messages.c.seq.desc())
            .limit(window)
        )
        for row in rows:
            for button in row.buttons:
                if button["payload"] == payload:
                    return str(button["title"])
        return None

    async def _one(self, condition: sa.ColumnElement[bool]) -> Message | None:
        row = (await self._connection.execute(sa.select(messages).where(condition))).one_or_none()
        return Message(**row._mapping) if row else None
