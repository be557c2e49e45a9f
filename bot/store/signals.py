"""Signals: what the shop says a customer just did, a few for each customer, for a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import from_iso, iso
from bot.records import Signal
from bot.store.tables import UtcDateTime, signals

KEPT = timedelta(days=1)
MOST = 10
BY_REFERENCE = ""  # no channel: the address is then the shop's own reference
FORGOTTEN_AT_ONCE = 1_000

# Changing the row is how it is locked, and both databases write it alike.
_LOCK = (
    sa.text(
        "INSERT INTO signals (channel, address, recent, updated_at)"
        " VALUES (:channel, :address, '[]', :at)"
        " ON CONFLICT (channel, address) DO UPDATE SET updated_at = excluded.updated_at"
        " RETURNING recent"
    )
    .bindparams(sa.bindparam("at", type_=UtcDateTime))
    .columns(recent=sa.JSON)
)
_PUT = (
    signals.update()
    .where(
        signals.c.channel == sa.bindparam("of_channel"),
        signals.c.address == sa.bindparam("of_address"),
    )
    .values(recent=sa.bindparam("recent"))
)


class Signals:
    """Reads and writes `signals`, a row for everybody who has some."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, channel: str, address: str, signal: Signal, *, at: datetime) -> Signal:
        """Keep it among their newest; what is kept already under its id comes back instead."""
        here = {"channel": channel, "address": address}
        found = await self._connection.execute(_LOCK, {**here, "at": at})
        kept = newest(found.scalar_one(), at=at)
        for each in kept:
            if each.id == signal.id:
                return each
        recent = sorted((signal, *kept), key=lambda each: each.at, reverse=True)[:MOST]
        await self._connection.execute(
            _PUT,
            {
                "of_channel": channel,
                "of_address": address,
                "recent": [{**asdict(each), "at": iso(each.at)} for each in recent],
            },
        )
        return signal

    async def of(self, whose: Collection[tuple[str, str]], *, at: datetime) -> list[Signal]:
        """The signals under these channels and addresses, newest first."""
        wanted = sa.tuple_(signals.c.channel, signals.c.address).in_(list(whose))
        rows = await self._connection.execute(sa.select(signals.c.recent).where(wanted))
        return newest(*rows.scalars(), at=at)

    async def forget_old(self, *, at: datetime) -> None:
        """Drop what nobody adds to any more; what another process is at is left to it."""
        old = (
            sa.select(signals.c.channel, signals.c.address)
            .where(signals.c.updated_at < at - KEPT)
            .limit(FORGOTTEN_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        await self._connection.execute(
            signals.delete().where(sa.tuple_(signals.c.channel, signals.c.address).in_(old))
        )


def newest(*stored: list[dict[str, Any]] | None, at: datetime) -> list[Signal]:
    """What rows hold that is not too old, newest first."""
    found = [
        Signal(**{**each, "at": from_iso(each["at"])}) for recent in stored for each in recent or ()
    ]
    young = (each for each in found if each.at > at - KEPT)
    return sorted(young, key=lambda each: each.at, reverse=True)
