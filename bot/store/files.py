"""Files that agents send, with their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import File
from bot.store.tables import files

_FACTS = [files.c[each.name] for each in fields(File)]


class Files:
    """Reads and writes `files`; the bytes are read only where they are asked for."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, file: File, body: bytes) -> None:
        await self._connection.execute(files.insert().values(**asdict(file), body=body))

    async def get(self, file_id: str) -> File | None:
        rows = await self._connection.execute(sa.select(*_FACTS).where(files.c.id == file_id))
        row = rows.one_or_none()
        return File(**row._mapping) if row else None

    async def block(self, file_id: str, start: int, size: int) -> bytes:
        """So many of its bytes from there on; fewer at its end, none where there is no file."""
        rows = await self._connection.execute(
            sa.select(sa.func.substr(files.c.body, start + 1, size)).where(files.c.id == file_id)
        )
        return bytes(rows.scalar_one_or_none() or b"")

    async def unsent(self, conversation_id: str, agent_id: str, ids: Sequence[str]) -> list[File]:
        """Those of the ids that this agent keeps for the conversation and has not sent."""
        rows = await self._connection.execute(
            sa.select(*_FACTS).where(
                files.c.id.in_(ids),
                files.c.conversation_id == conversation_id,
                files.c.agent_id == agent_id,
                files.c.message_id.is_(None),
            )
        )
        return [File(**row._mapping) for row in rows]

    async def count_unsent(self, agent_id: str) -> int:
        """How many this agent keeps and has not sent, whatever for."""
        counted = sa.select(sa.func.count()).where(
            files.c.agent_id == agent_id, files.c.message_id.is_(None)
        )
        count: int = (await self._connection.execute(counted)).scalar_one()
        return count

    async def sent_with(self, message_id: str, ids: Sequence[str]) -> None:
        await self._connection.execute(
            files.update().where(files.c.id.in_(ids)).values(message_id=message_id)
        )

    async def sweep(self, *, before: datetime) -> None:
        """Forget what was added before then and never sent."""
        await self._connection.execute(
            files.delete().where(files.c.message_id.is_(None), files.c.created_at < before)
        )
