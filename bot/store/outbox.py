"""The outbox: messages on their way to customers, written in the transaction that made them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Button, OutboundMessage
from bot.records import OutboxItem
from bot.store.tables import UtcDateTime, messages, outbox

# Statements of every turn are built once: building one costs more than running it.
_ADD = outbox.insert()
_WITH_MESSAGE = (
    sa.select(outbox, messages.c.text, messages.c.author, messages.c.buttons)
    .join(messages, messages.c.id == outbox.c.message_id)
    .order_by(outbox.c.id)
    .limit(sa.bindparam("most"))
)
_EARLIER = outbox.alias("earlier")
_BLOCKED = sa.exists().where(
    _EARLIER.c.conversation_id == outbox.c.conversation_id,
    _EARLIER.c.state == "pending",
    _EARLIER.c.channel == outbox.c.channel,
    _EARLIER.c.address == outbox.c.address,
    _EARLIER.c.id < outbox.c.id,
    _EARLIER.c.next_attempt_at > sa.bindparam("at", type_=UtcDateTime),
)
_DUE = _WITH_MESSAGE.where(
    outbox.c.state == "pending",
    outbox.c.next_attempt_at <= sa.bindparam("at", type_=UtcDateTime),
    outbox.c.channel.in_(sa.bindparam("channels", expanding=True)),
    ~_BLOCKED,
)
_PENDING_FOR = _WITH_MESSAGE.where(
    outbox.c.conversation_id == sa.bindparam("conversation"),
    outbox.c.state == "pending",
    outbox.c.channel == sa.bindparam("channel"),
    outbox.c.address == sa.bindparam("address"),
)
_HANDED_OUT = _WITH_MESSAGE.where(
    outbox.c.conversation_id == sa.bindparam("conversation"),
    outbox.c.provider_id == sa.bindparam("turn"),
)
MOST = 200


class Outbox:
    """Reads and writes `outbox`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, *items: OutboxItem) -> None:
        await self._connection.execute(_ADD, [asdict(item) for item in items])

    async def due(
        self, channels: Collection[str], *, at: datetime
    ) -> list[tuple[OutboxItem, OutboundMessage]]:
        """Pending items of these channels whose time has come, in the order of the transcript.

        What is behind an item that must wait, waits with it: nothing overtakes.
        """
        return await self._with_messages(_DUE, at=at, channels=list(channels))

    async def pending_for(
        self, channel: str, address: str, conversation_id: str
    ) -> list[tuple[OutboxItem, OutboundMessage]]:
        """What one address has not fetched yet."""
        return await self._with_messages(
            _PENDING_FOR, conversation=conversation_id, channel=channel, address=address
        )

    async def handed_out(self, conversation_id: str, turn_id: str) -> list[OutboundMessage]:
        """What a pull channel's customer fetched with this turn's request."""
        found = await self._with_messages(_HANDED_OUT, conversation=conversation_id, turn=turn_id)
        return [outbound for _, outbound in found]

    async def take(self, item: OutboxItem, *, until: datetime) -> bool:
        """Become the one who sends this item, until then; False when somebody else was first.

        The others see a later attempt in it, and keep what is behind it waiting.
        """
        taken = await self._connection.execute(
            outbox.update()
            .where(
                outbox.c.id == item.id,
                outbox.c.state == "pending",
                outbox.c.next_attempt_at == item.next_attempt_at,
            )
            .values(next_attempt_at=until)
        )
        return bool(taken.rowcount)

    async def renew(self, item_id: str, *, until: datetime) -> None:
        """Keep a taken item for longer."""
        await self._connection.execute(
            outbox.update()
            .where(outbox.c.id == item_id, outbox.c.state == "pending")
            .values(next_attempt_at=until)
        )

    async def settle(
        self,
        item_ids: Collection[str],
        *,
        state: str,
        provider_id: str | None = None,
        error: str | None = None,
    ) -> None:
        """Write the end of a send; what has ended already stays as it is."""
        if not item_ids:
            return
        await self._connection.execute(
            outbox.update()
            .where(outbox.c.id.in_(item_ids), outbox.c.state == "pending")
            .values(
                state=state,
                provider_id=provider_id,
                error=error,
                attempts=outbox.c.attempts + 1,
            )
        )

    async def fetched(self, conversation_id: str, channel: str, up_to_seq: int) -> None:
        """A pull channel's customer has everything up to this sequence number."""
        read = _in_order(
            outbox.c.conversation_id == conversation_id,
            outbox.c.channel == channel,
            outbox.c.message_id.in_(
                sa.select(messages.c.id).where(
                    messages.c.conversation_id == conversation_id,
                    messages.c.seq <= up_to_seq,
                )
            ),
        )
        await self._connection.execute(
            outbox.update().where(outbox.c.id.in_(read)).values(state="delivered")
        )

    async def postpone(self, item_id: str, *, until: datetime, error: str | None) -> None:
        """Try again later."""
        await self._connection.execute(
            outbox.update()
            .where(outbox.c.id == item_id, outbox.c.state == "pending")
            .values(next_attempt_at=until, error=error, attempts=outbox.c.attempts + 1)
        )

    async def wake(self, channel: str, address: str, *, at: datetime, after: datetime) -> None:
        """The customer is back: what was held for them until some time `after` is due now."""
        held = _in_order(
            outbox.c.channel == channel,
            outbox.c.address == address,
            outbox.c.next_attempt_at > after,
        )
        await self._connection.execute(
            outbox.update().where(outbox.c.id.in_(held)).values(next_attempt_at=at)
        )

    async def _with_messages(
        self, query: sa.Select[Any], **values: object
    ) -> list[tuple[OutboxItem, OutboundMessage]]:
        rows = await self._connection.execute(query, {**values, "most": MOST})
        found = []
        for row in rows:
            item: dict[str, Any] = {c.name: row._mapping[c] for c in outbox.c}
            outbound = OutboundMessage(
                id=row.message_id,
                channel=row.channel,
                address=row.address,
                author=row.author,
                text=row.text,
                buttons=tuple(Button(**button) for button in row.buttons),
            )
            found.append((OutboxItem(**item), outbound))
        return found


def _in_order(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[str]]:
    """The ids of these pending items, locked in one order: then two who change several of the same
    wait for each other, and never both."""
    return (
        sa.select(outbox.c.id)
        .where(outbox.c.state == "pending", *conditions)
        .order_by(outbox.c.id)
        .with_for_update()
    )
