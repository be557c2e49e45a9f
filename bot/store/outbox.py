"""The outbox: messages on their way to customers, written in the transaction that made them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Button, OutboundMessage
from bot.records import OutboxItem
from bot.store.tables import messages, outbox


class Outbox:
    """Reads and writes `outbox`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, item: OutboxItem) -> None:
        await self._connection.execute(outbox.insert().values(asdict(item)))

    async def due(
        self, channels: Collection[str], *, at: datetime, limit: int = 100
    ) -> list[tuple[OutboxItem, OutboundMessage]]:
        """Pending items of these channels whose time has come, in the order of the transcript.

        What is behind an item that must wait, waits with it: nothing overtakes.
        """
        earlier = outbox.alias("earlier")
        blocked = sa.exists().where(
            earlier.c.conversation_id == outbox.c.conversation_id,
            earlier.c.state == "pending",
            earlier.c.channel == outbox.c.channel,
            earlier.c.address == outbox.c.address,
            earlier.c.id < outbox.c.id,
            earlier.c.next_attempt_at > at,
        )
        return await self._with_messages(
            sa.and_(
                outbox.c.state == "pending",
                outbox.c.next_attempt_at <= at,
                outbox.c.channel.in_(channels),
                ~blocked,
            ),
            limit,
        )

    async def pending_for(
        self, channel: str, address: str, conversation_id: str, *, limit: int = 200
    ) -> list[tuple[OutboxItem, OutboundMessage]]:
        """What one address has not fetched yet."""
        return await self._with_messages(
            sa.and_(
                outbox.c.conversation_id == conversation_id,
                outbox.c.state == "pending",
                outbox.c.channel == channel,
                outbox.c.address == address,
            ),
            limit,
        )

    async def handed_out(self, conversation_id: str, turn_id: str) -> list[OutboundMessage]:
        """What a pull channel's customer fetched with this turn's request."""
        condition = sa.and_(
            outbox.c.conversation_id == conversation_id, outbox.c.provider_id == turn_id
        )
        return [outbound for _, outbound in await self._with_messages(condition, 200)]

    async def settle(
        self,
        item_ids: Collection[str],
        *,
        state: str,
        provider_id: str | None = None,
        error: str | None = None,
    ) -> None:
        """Write the end of a send."""
        await self._connection.execute(
            outbox.update()
            .where(outbox.c.id.in_(item_ids))
            .values(
                state=state,
                provider_id=provider_id,
                error=error,
                attempts=outbox.c.attempts + 1,
            )
        )

    async def fetched(self, conversation_id: str, channel: str, up_to_seq: int) -> None:
        """A pull channel's customer has everything up to this sequence number."""
        await self._connection.execute(
            outbox.update()
            .where(
                outbox.c.conversation_id == conversation_id,
                outbox.c.channel == channel,
                outbox.c.state == "pending",
                outbox.c.message_id.in_(
                    sa.select(messages.c.id).where(
                        messages.c.conversation_id == conversation_id,
                        messages.c.seq <= up_to_seq,
                    )
                ),
            )
            .values(state="delivered")
        )

    async def postpone(self, item_id: str, *, until: datetime, error: str | None) -> None:
        """Try again later."""
        await self._connection.execute(
            outbox.update()
            .where(outbox.c.id == item_id)
            .values(next_attempt_at=until, error=error, attempts=outbox.c.attempts + 1)
        )

    async def wake(self, channel: str, address: str, *, at: datetime) -> None:
        """The customer is back: what was held for them is due now."""
        await self._connection.execute(
            outbox.update()
            .where(
                outbox.c.channel == channel,
                outbox.c.address == address,
                outbox.c.state == "pending",
            )
            .values(next_attempt_at=at)
        )

    async def _with_messages(
        self, condition: sa.ColumnElement[bool], limit: int
    ) -> list[tuple[OutboxItem, OutboundMessage]]:
        rows = await self._connection.execute(
            sa.select(outbox, messages.c.text, messages.c.author, messages.c.buttons)
            .join(messages, messages.c.id == outbox.c.message_id)
            .where(condition)
            .order_by(outbox.c.id)
            .limit(limit)
        )
        found = []
        for row in rows:
            values = {column.name: row._mapping[column] for column in outbox.c}
            outbound = OutboundMessage(
                id=row.message_id,
                channel=row.channel,
                address=row.address,
                author=row.author,
                text=row.text,
                buttons=tuple(Button(**button) for button in row.buttons),
            )
            found.append((OutboxItem(**values), outbound))
        return found
