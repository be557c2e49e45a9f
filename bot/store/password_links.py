"""Links to choose a password, by their hashes: used once, and gone when they are too old."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import password_links


class PasswordLinks:
    """Reads and writes `password_links`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def replace(
        self, token_hash: str, user_id: str, *, at: datetime, expires_at: datetime
    ) -> None:
        """A link instead of an earlier one of theirs; old ones of anybody's are forgotten."""
        await self._connection.execute(
            password_links.delete().where(
                (password_links.c.user_id == user_id) | (password_links.c.expires_at <= at)
            )
        )
        await self._connection.execute(
            password_links.insert().values(
                token_hash=token_hash, user_id=user_id, created_at=at, expires_at=expires_at
            )
        )

    async def drop_of(self, user_id: str) -> None:
        """They need none any more."""
        await self._connection.execute(
            password_links.delete().where(password_links.c.user_id == user_id)
        )

    async def use(self, token_hash: str, *, at: datetime) -> str | None:
        """Whose link it is, if it is not too old; from now on it is used."""
        rows = await self._connection.execute(
            password_links.delete()
            .where(password_links.c.token_hash == token_hash, password_links.c.expires_at > at)
            .returning(password_links.c.user_id)
        )
        user_id: str | None = rows.scalar_one_or_none()
        return user_id

    async def whose(self, token_hash: str, *, at: datetime) -> str | None:
        """The same, and it stays."""
        rows = await self._connection.execute(
            sa.select(password_links.c.user_id).where(
                password_links.c.token_hash == token_hash, password_links.c.expires_at > at
            )
        )
        user_id: str | None = rows.scalar_one_or_none()
        return user_id
