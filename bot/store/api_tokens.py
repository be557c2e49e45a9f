"""API tokens by their hashes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import ApiToken
from bot.store.tables import api_tokens


class ApiTokens:
    """Reads and writes `api_tokens`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, token: ApiToken) -> None:
        await self._connection.execute(api_tokens.insert().values(asdict(token)))

    async def by_hash(self, token_hash: str) -> ApiToken | None:
        """The caller checks that it has not ended."""
        rows = await self._connection.execute(
            sa.select(api_tokens).where(api_tokens.c.token_hash == token_hash)
        )
        row = rows.one_or_none()
        return ApiToken(**row._mapping) if row else None

    async def all(self, *, of: str | None = None) -> list[ApiToken]:
        """Newest first; `of` narrows to one user's."""
        query = sa.select(api_tokens).order_by(api_tokens.c.id.desc())
        if of is not None:
            query = query.where(api_tokens.c.user_id == of)
        return [ApiToken(**row._mapping) for row in await self._connection.execute(query)]

    async def remove(self, token_id: str, *, of: str | None) -> ApiToken | None:
        """The one that is gone now; None when there was none, or not this user's."""
        query = api_tokens.delete().where(api_tokens.c.id == token_id).returning(api_tokens)
        if of is not None:
            query = query.where(api_tokens.c.user_id == of)
        row = (await self._connection.execute(query)).one_or_none()
        return ApiToken(**row._mapping) if row else None

    async def used(self, token_id: str, *, at: datetime) -> None:
        await self._connection.execute(
            api_tokens.update().where(api_tokens.c.id == token_id).values(last_used_at=at)
        )
