"""One-time codes by their hashes: used once, and gone when they are too old."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import OneTimeCode
from bot.store.tables import one_time_codes

SWEPT_AT_ONCE = 100


class OneTimeCodes:
    """Reads and writes `one_time_codes`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def replace(self, code: OneTimeCode) -> None:
        """Write a code instead of an earlier one for the same purpose, and forget old ones."""
        if code.shown_by is None:
            same = sa.and_(
                one_time_codes.c.shown_by.is_(None),
                one_time_codes.c.channel == code.channel,
                one_time_codes.c.address == code.address,
            )
        else:
            same = one_time_codes.c.shown_by == code.shown_by
        await self._delete(sa.or_(same, one_time_codes.c.expires_at <= code.created_at))
        await self._connection.execute(one_time_codes.insert().values(asdict(code)))

    async def use(self, code_hash: str, *, at: datetime) -> OneTimeCode | None:
        """The code that anybody may show, if it is not too old; from now on it is used."""
        rows = await self._connection.execute(
            one_time_codes.delete()
            .where(
                one_time_codes.c.code_hash == code_hash,
                one_time_codes.c.shown_by.is_(None),
                one_time_codes.c.expires_at > at,
            )
            .returning(one_time_codes)
        )
        row = rows.one_or_none()
        return OneTimeCode(**row._mapping) if row else None

    async def lock_to_be_shown_by(self, address: str, *, at: datetime) -> OneTimeCode | None:
        """The newest code that this visitor alone may show, locked."""
        rows = await self._connection.execute(
            sa.select(one_time_codes)
            .where(one_time_codes.c.shown_by == address, one_time_codes.c.expires_at > at)
            .order_by(one_time_codes.c.created_at.desc())
            .limit(1)
            .with_for_update()
        )
        row = rows.one_or_none()
        return OneTimeCode(**row._mapping) if row else None

    async def count_attempt(self, code: OneTimeCode) -> None:
        """Another code than this one was shown."""
        await self._connection.execute(
            one_time_codes.update()
            .where(one_time_codes.c.code_hash == code.code_hash)
            .values(attempts=one_time_codes.c.attempts + 1)
        )

    async def drop(self, code: OneTimeCode) -> None:
        await self._delete(one_time_codes.c.code_hash == code.code_hash)

    async def _delete(self, condition: sa.ColumnElement[bool]) -> None:
        # What another transaction is at is left to it: then neither waits for the other.
        chosen = (
            sa.select(one_time_codes.c.code_hash)
            .where(condition)
            .limit(SWEPT_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        await self._connection.execute(
            one_time_codes.delete().where(one_time_codes.c.code_hash.in_(chosen))
        )
