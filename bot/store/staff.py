"""The people who sign in, and their sessions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import SESSION_ID_LENGTH, Role, Session, User
from bot.store.tables import UtcDateTime, api_tokens, password_links, sessions, users


class Staff:
    """Reads and writes `users` and `sessions`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, user: User) -> None:
        await self._connection.execute(users.insert().values(asdict(user)))

    async def get(self, user_id: str) -> User | None:
        return await self._one(users.c.id == user_id)

    async def by_email(self, email: str) -> User | None:
        """E-mail addresses are stored and compared in lower case."""
        return await self._one(users.c.email == email.lower())

    async def everybody(self) -> list[User]:
        rows = await self._connection.execute(sa.select(users).order_by(users.c.name, users.c.id))
        return [User(**row._mapping) for row in rows]

    async def add_session(self, session: Session) -> None:
        await self._connection.execute(sessions.insert().values(asdict(session)))

    async def session(self, token_hash: str) -> tuple[Session, User] | None:
        """The session with this token and whose it is; the caller checks that it has not ended."""
        row = (
            await self._connection.execute(
                sa.select(sessions).where(sessions.c.token_hash == token_hash)
            )
        ).one_or_none()
        if row is None:
            return None
        user = await self._one(users.c.id == row.user_id)
        return (Session(**row._mapping), user) if user else None

    async def lock(self, user_id: str) -> User | None:
        """The user, whom nobody else changes until this transaction has ended."""
        row = (
            await self._connection.execute(
                sa.select(users).where(users.c.id == user_id).with_for_update()
            )
        ).one_or_none()
        return User(**row._mapping) if row else None

    async def sessions(self, *, of: str | None = None) -> list[Session]:
        """Newest first, with those that have ended and were not swept; `of` narrows to a user's."""
        query = sa.select(sessions).order_by(sessions.c.created_at.desc(), sessions.c.token_hash)
        if of is not None:
            query = query.where(sessions.c.user_id == of)
        return [Session(**row._mapping) for row in await self._connection.execute(query)]

    async def end_session_by_id(self, session_id: str, *, of: str | None) -> Session | None:
        """The one that has ended now; None when there was none, or not this user's."""
        query = (
            sessions.delete()
            .where(sa.func.substr(sessions.c.token_hash, 1, SESSION_ID_LENGTH) == session_id)
            .returning(sessions)
        )
        if of is not None:
            query = query.where(sessions.c.user_id == of)
        row = (await self._connection.execute(query)).one_or_none()
        return Session(**row._mapping) if row else None

    async def end_sessions(self, user_id: str, *, but: str | None = None) -> int:
        """How many of this user's have ended now; `but` is the hash of the one that stays."""
        query = sessions.delete().where(sessions.c.user_id == user_id)
        if but is not None:
            query = query.where(sessions.c.token_hash != but)
        return (await self._connection.execute(query)).rowcount

    async def session_seen(self, token_hash: str, *, at: datetime) -> None:
        await self._connection.execute(
            sessions.update().where(sessions.c.token_hash == token_hash).values(seen_at=at)
        )

    async def signed_in(self, user_id: str, *, at: datetime) -> None:
        await self._connection.execute(
            users.update().where(users.c.id == user_id).values(signed_in_at=at)
        )

    async def set_role(self, user_id: str, role: Role) -> None:
        await self._connection.execute(
            users.update().where(users.c.id == user_id).values(role=role)
        )

    async def end_session(self, token_hash: str) -> None:
        await self._connection.execute(sessions.delete().where(sessions.c.token_hash == token_hash))

    async def lock_out(self, emails: list[str]) -> bool:
        """Take these users' passwords, sessions and tokens; whether any of them still had a
        password."""
        found = await self._connection.execute(
            users.update()
            .where(users.c.email.in_(emails), users.c.password_hash != "")
            .values(password_hash="")
        )
        ids = sa.select(users.c.id).where(users.c.email.in_(emails))
        for proof in (sessions, api_tokens, password_links):
            await self._connection.execute(proof.delete().where(proof.c.user_id.in_(ids)))
        return bool(found.rowcount)

    async def set_password(self, user_id: str, password_hash: str) -> None:
        await self._connection.execute(
            users.update().where(users.c.id == user_id).values(password_hash=password_hash)
        )

    async def sweep_sessions(self, *, at: datetime, idle_since: datetime) -> None:
        """Forget the sessions that have ended or were not used since, but for those that somebody
        else is forgetting."""
        seen = sa.func.coalesce(sessions.c.seen_at, sessions.c.created_at)
        ended = sa.select(sessions.c.token_hash).where(
            (sessions.c.expires_at <= at) | (seen <= sa.bindparam("idle", idle_since, UtcDateTime))
        )
        await self._connection.execute(
            sessions.delete().where(
                sessions.c.token_hash.in_(ended.with_for_update(skip_locked=True))
            )
        )

    async def _one(self, condition: sa.ColumnElement[bool]) -> User | None:
        row = (await self._connection.execute(sa.select(users).where(condition))).one_or_none()
        return User(**row._mapping) if row else None
