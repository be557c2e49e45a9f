"""Erasures: their receipts, and the hashes that keep erased messages from coming back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Erasure
from bot.store.tables import erased_messages, erasures, serving_key

KNOWS = sa.select(erased_messages.c.digest).where(
    erased_messages.c.digest == sa.bindparam("digest")
)
_SERVES = sa.text(
    "INSERT INTO serving_key (name, digest) VALUES ('erasure', :digest)"
    " ON CONFLICT (name) DO UPDATE SET digest = excluded.digest"
)
# A message may have been erased before under the same id; both databases write this alike.
_KEEP = sa.text(
    "INSERT INTO erased_messages (digest, erasure_id) VALUES (:digest, :erasure_id)"
    " ON CONFLICT (digest) DO NOTHING"
)


class Erasures:
    """Reads and writes `erasures` and `erased_messages`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, erasure: Erasure) -> None:
        await self._connection.execute(erasures.insert().values(asdict(erasure)))

    async def get(self, erasure_id: str) -> Erasure | None:
        rows = await self._connection.execute(
            sa.select(erasures).where(erasures.c.id == erasure_id)
        )
        row = rows.one_or_none()
        return Erasure(**row._mapping) if row else None

    async def lock(self, erasure_id: str) -> Erasure | None:
        """The same; whoever else goes on with it waits until this transaction has ended."""
        rows = await self._connection.execute(
            sa.select(erasures).where(erasures.c.id == erasure_id).with_for_update()
        )
        row = rows.one_or_none()
        return Erasure(**row._mapping) if row else None

    async def change(self, erasure_id: str, **values: Any) -> None:
        await self._connection.execute(
            erasures.update().where(erasures.c.id == erasure_id).values(**values)
        )

    async def unfinished(self) -> list[Erasure]:
        """Those that were begun and are not done, oldest first."""
        rows = await self._connection.execute(
            sa.select(erasures).where(erasures.c.finished_at.is_(None)).order_by(erasures.c.id)
        )
        return [Erasure(**row._mapping) for row in rows]

    async def page(self, *, before: str | None, limit: int, who: str | None) -> list[Erasure]:
        """Newest first; `before` is the last id of the page above, `who` a hash to look for."""
        query = sa.select(erasures).order_by(erasures.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(erasures.c.id < before)
        if who is not None:
            query = query.where(sa.cast(erasures.c.who, sa.Text).contains(who))
        rows = await self._connection.execute(query)
        return [Erasure(**row._mapping) for row in rows]

    async def newest(self) -> tuple[str, datetime | None] | None:
        """Which began last, and when it was done: another answer whenever there is news."""
        rows = await self._connection.execute(
            sa.select(erasures.c.id, erasures.c.finished_at).order_by(erasures.c.id.desc()).limit(1)
        )
        row = rows.one_or_none()
        return (row.id, row.finished_at) if row else None

    async def keep(self, digests: Collection[str], erasure_id: str) -> None:
        """Let none of these messages in again."""
        if digests:
            await self._connection.execute(
                _KEEP, [{"digest": one, "erasure_id": erasure_id} for one in sorted(digests)]
            )

    async def knows(self, digest: str) -> bool:
        """Whether this message was erased."""
        found = await self._connection.execute(KNOWS, {"digest": digest})
        return found.first() is not None

    async def serve_under(self, digest: str) -> None:
        """Write down which key erasures are recognised by from now on."""
        await self._connection.execute(_SERVES, {"digest": digest})

    async def served_under(self) -> str | None:
        """What was written down last; None where nobody has served yet."""
        found: str | None = (
            await self._connection.execute(sa.select(serving_key.c.digest))
        ).scalar_one_or_none()
        return found
