"""Receipts that came before the message they belong to was known to be sent.

A provider may be quicker than our own commit. Whoever takes in a receipt and whoever settles a send
lock the receipt's key first, so the second of them always sees what the first wrote.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import ReceiptUpdate
from bot.store.tables import UtcDateTime, early_receipts

# Beyond this nobody asks any more what became of a send, so it was not ours.
KEPT = timedelta(days=1)

# Statements of every send are built once: building one costs more than running it.
_HERE = (
    early_receipts.c.channel == sa.bindparam("of_channel"),
    early_receipts.c.provider_id == sa.bindparam("of_id"),
)
# Changing it is how the row is locked, and both databases write it alike.
_LOCK = sa.text(
    "INSERT INTO early_receipts (channel, provider_id, state, error, reference, created_at)"
    " VALUES (:channel, :provider_id, :state, :error, :reference, :at)"
    " ON CONFLICT (channel, provider_id)"
    " DO UPDATE SET reference = coalesce(excluded.reference, early_receipts.reference)"
    " RETURNING state, error"
).bindparams(sa.bindparam("at", type_=UtcDateTime))
_PUT = (
    early_receipts.update()
    .where(*_HERE)
    .values(state=sa.bindparam("state"), error=sa.bindparam("error"))
)
_DROP = early_receipts.delete().where(*_HERE)
_DROP_OLD = early_receipts.delete().where(
    early_receipts.c.created_at < sa.bindparam("before", type_=UtcDateTime)
)


class EarlyReceipts:
    """Reads and writes `early_receipts`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, channel: str, update: ReceiptUpdate, *, at: datetime) -> ReceiptUpdate:
        """What is kept for this message, or this one, kept from now on; nobody else reaches it
        before the transaction ends."""
        found = await self._connection.execute(
            _LOCK,
            {
                "channel": channel,
                "provider_id": update.provider_id,
                "state": update.state,
                "error": update.error,
                "reference": update.reference,
                "at": at,
            },
        )
        row = found.one()
        return ReceiptUpdate(update.provider_id, row.state, row.error)

    async def put(self, channel: str, update: ReceiptUpdate) -> None:
        """Keep this instead."""
        here = {"of_channel": channel, "of_id": update.provider_id}
        await self._connection.execute(_PUT, {**here, "state": update.state, "error": update.error})

    async def called(self, channel: str, reference: str) -> str | None:
        """The provider's id of what it calls so by our name for it, if it has said anything of
        that."""
        rows = await self._connection.execute(
            sa.select(early_receipts.c.provider_id)
            .where(early_receipts.c.channel == channel, early_receipts.c.reference == reference)
            .order_by(early_receipts.c.created_at)
            .limit(1)
        )
        found: str | None = rows.scalar_one_or_none()
        return found

    async def drop(self, channel: str, provider_id: str) -> None:
        """The message is known: its own row has it."""
        await self._connection.execute(_DROP, {"of_channel": channel, "of_id": provider_id})

    async def drop_old(self, *, at: datetime) -> None:
        """Forget what belongs to no message of ours."""
        await self._connection.execute(_DROP_OLD, {"before": at - KEPT})
