"""Effects: the changes that actions made outside, or set out to make."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Effect
from bot.store.tables import effects

# Statements of every turn are built once: building one costs more than running it.
_ADD = effects.insert()
_GET = sa.select(effects).where(effects.c.key == sa.bindparam("effect"))
_FINISH = (
    effects.update()
    .where(effects.c.key == sa.bindparam("effect"))
    .values(state="done", result=sa.bindparam("result"), finished_at=sa.bindparam("finished_at"))
)
_RECENT = (
    sa.select(effects)
    .where(effects.c.conversation_id == sa.bindparam("conversation"))
    .order_by(effects.c.created_at.desc(), effects.c.ordinal.desc())
    .limit(sa.bindparam("most"))
)


class Effects:
    """Reads and writes `effects`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, effect: Effect) -> None:
        await self._connection.execute(_ADD, asdict(effect))

    async def get(self, key: str) -> Effect | None:
        row = (await self._connection.execute(_GET, {"effect": key})).one_or_none()
        return Effect(**row._mapping) if row else None

    async def finish(self, key: str, result: Any, *, at: datetime) -> None:
        """The change was made, with this result (JSON)."""
        await self._connection.execute(
            _FINISH, {"effect": key, "result": result, "finished_at": at}
        )

    async def recent(self, conversation_id: str, *, limit: int) -> list[Effect]:
        """The conversation's newest effects, newest first."""
        rows = await self._connection.execute(
            _RECENT, {"conversation": conversation_id, "most": limit}
        )
        return [Effect(**row._mapping) for row in rows]
