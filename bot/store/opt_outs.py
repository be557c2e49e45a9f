"""Addresses that asked for no more messages: kept until they ask for messages again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import UtcDateTime, opt_outs

_HERE = (
    opt_outs.c.channel == sa.bindparam("of_channel"),
    opt_outs.c.address == sa.bindparam("of_address"),
)
# Both databases write it alike. Said again, the first time counts.
_ADD = sa.text(
    "INSERT INTO opt_outs (channel, address, created_at) VALUES (:of_channel, :of_address, :at)"
    " ON CONFLICT (channel, address) DO NOTHING"
).bindparams(sa.bindparam("at", type_=UtcDateTime))
_REMOVE = opt_outs.delete().where(*_HERE)
_SINCE = sa.select(opt_outs.c.created_at).where(*_HERE)


class OptOuts:
    """Reads and writes `opt_outs`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, channel: str, address: str, *, at: datetime) -> None:
        """Write nothing to this address from now on."""
        await self._connection.execute(_ADD, {**_here(channel, address), "at": at})

    async def remove(self, channel: str, address: str) -> None:
        """The address may be written to again."""
        await self._connection.execute(_REMOVE, _here(channel, address))

    async def since(self, channel: str, address: str) -> datetime | None:
        """When the address opted out; None when it may be written to."""
        found = await self._connection.execute(_SINCE, _here(channel, address))
        since: datetime | None = found.scalar_one_or_none()
        return since


def _here(channel: str, address: str) -> dict[str, str]:
    return {"of_channel": channel, "of_address": address}
