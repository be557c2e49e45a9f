"""Who writes: the three questions that every message asks, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.blocks import OF_SENDER
from bot.store.erasures import KNOWS
from bot.store.tables import identities

_FIND = sa.select(
    sa.select(identities.c.customer_id)
    .where(
        identities.c.channel == sa.bindparam("of_channel"),
        identities.c.address == sa.bindparam("of_address"),
    )
    .scalar_subquery()
    .label("customer_id"),
    sa.exists(KNOWS).label("is_erased"),
    OF_SENDER.scalar_subquery().label("block_id"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """The customer, None for a newcomer; whether the message was erased; the block that holds for
    whoever writes from there, if there is one."""

    customer_id: str | None
    is_erased: bool
    block_id: str | None


class Senders:
    """Reads what is known of an address before a message from it is stored."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, channel: str, address: str, digest: str, *, at: datetime) -> Found:
        """Whose the address is; `digest` is what would be kept of the message if it were erased."""
        values = {"of_channel": channel, "of_address": address, "digest": digest, "at": at}
        row = (await self._connection.execute(_FIND, values)).one()
        return Found(row.customer_id, bool(row.is_erased), row.block_id)
