"""How often a password was wrong, and from where people have signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import UtcDateTime, sign_in_failures, sign_in_places

FORGOTTEN = timedelta(days=1)  # failures; whoever guesses once a day guesses for ever
REMEMBERED = timedelta(days=90)  # places
_AT = sa.bindparam("at", type_=UtcDateTime)
# Both databases write it alike.
_FIRST = sa.text(
    "INSERT INTO sign_in_failures (key, failures, failed_at) VALUES (:key, 0, :at)"
    " ON CONFLICT (key) DO NOTHING"
).bindparams(_AT)
_BEEN_HERE = sa.text(
    "INSERT INTO sign_in_places (key, user_id, seen_at) VALUES (:key, :user_id, :at)"
    " ON CONFLICT (key) DO UPDATE SET seen_at = excluded.seen_at"
).bindparams(_AT)


@dataclass(frozen=True, slots=True)
class Failures:
    """Those in a row, and until when nothing more is tried."""

    count: int
    waits_until: datetime | None


class SignIns:
    """Reads and writes `sign_in_failures` and `sign_in_places`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def failures(self, key: str, *, at: datetime) -> Failures:
        return await self._failures(self._of(key), at)

    async def lock(self, key: str, *, at: datetime) -> Failures:
        """The same, and nobody else counts them until this transaction has ended."""
        await self._connection.execute(_FIRST, {"key": key, "at": at})
        return await self._failures(self._of(key).with_for_update(), at)

    async def set_failures(
        self, key: str, count: int, *, at: datetime, waits_until: datetime | None
    ) -> None:
        await self._connection.execute(
            sign_in_failures.update()
            .where(sign_in_failures.c.key == key)
            .values(failures=count, failed_at=at, waits_until=waits_until)
        )

    async def forgive(self, *keys: str) -> None:
        """Forget the failures."""
        await self._connection.execute(
            sign_in_failures.delete().where(sign_in_failures.c.key.in_(keys))
        )

    async def sweep(self, *, at: datetime) -> None:
        """Forget what is too old to count, but for what somebody else is forgetting."""
        for table, seen, lasts in (
            (sign_in_failures, sign_in_failures.c.failed_at, FORGOTTEN),
            (sign_in_places, sign_in_places.c.seen_at, REMEMBERED),
        ):
            old = sa.select(table.c.key).where(seen < at - lasts)
            await self._connection.execute(
                table.delete().where(table.c.key.in_(old.with_for_update(skip_locked=True)))
            )

    async def is_known(self, place: str, *, at: datetime) -> bool:
        """Whether the person has signed in from there lately."""
        found = await self._connection.execute(
            sa.select(sign_in_places.c.key).where(
                sign_in_places.c.key == place, sign_in_places.c.seen_at >= at - REMEMBERED
            )
        )
        return found.one_or_none() is not None

    async def been_at(self, place: str, user_id: str, *, at: datetime) -> None:
        await self._connection.execute(_BEEN_HERE, {"key": place, "user_id": user_id, "at": at})

    async def places_of(self, user_id: str) -> list[str]:
        rows = await self._connection.execute(
            sa.select(sign_in_places.c.key).where(sign_in_places.c.user_id == user_id)
        )
        return list(rows.scalars())

    def _of(self, key: str) -> sa.Select[tuple[int, datetime, datetime | None]]:
        return sa.select(
            sign_in_failures.c.failures,
            sign_in_failures.c.failed_at,
            sign_in_failures.c.waits_until,
        ).where(sign_in_failures.c.key == key)

    async def _failures(
        self, query: sa.Select[tuple[int, datetime, datetime | None]], at: datetime
    ) -> Failures:
        row = (await self._connection.execute(query)).one_or_none()
        if row is None or row.failed_at < at - FORGOTTEN:
            return Failures(0, None)
        return Failures(row.failures, row.waits_until)
