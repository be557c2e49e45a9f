"""Adding people who sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError

from bot.access.password_rules import check_password
from bot.clock import new_id, now
from bot.errors import InvalidInput
from bot.passwords import hash_password
from bot.records import Agent, Role, User
from bot.store.database import Database, UnitOfWork
from bot.store.schema import upgrade

LONGEST_EMAIL = 320  # characters
EVERYTHING = Agent("")  # that needs no skill


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """The database at this version's schema."""
    database = Database(url)
    try:
        await upgrade(database)
        yield database
    finally:
        await database.aclose()


async def revoke_user(database: Database, email: str) -> None:
    """Take a user's password and sessions; raise InvalidInput when there is no such user. What
    they wrote stays theirs, and their conversations go back into their queues."""
    async with database.write() as uow:
        user = await uow.staff.by_email(email.strip())
        if user is None:
            raise InvalidInput("email", f"{email} is nobody who can sign in.")
        await lock_out(uow, user)


async def lock_out(uow: UnitOfWork, user: User) -> None:
    """The same within a transaction."""
    await uow.staff.lock_out([user.email])
    await uow.agents.revoke(user.id, at=now())


async def add_user(
    database: Database,
    *,
    email: str,
    name: str,
    role: Role,
    password: str,
    serving: Agent = EVERYTHING,
) -> None:
    """Add a user, who serves what `serving` says; raise InvalidInput naming what cannot be used."""
    email = checked_email(email)
    check_password(password, email=email)
    hashed = await hash_password(password)
    try:
        async with database.write() as uow:
            user = User(new_id(), email, name.strip(), role, hashed, now())
            await uow.staff.add(user)
            if role != "program":
                await uow.agents.lock(user.id)
                await uow.agents.set_serving(
                    user.id,
                    queues=serving.queues,
                    skills=serving.skills,
                    capacity=serving.capacity,
                )
    except IntegrityError as error:
        raise InvalidInput("email", f"{email} can sign in already.") from error


def checked_email(text: str) -> str:
    """As it is stored; raise InvalidInput for what is none."""
    email = text.strip().lower()
    plain = email.isprintable() and " " not in email and len(email) <= LONGEST_EMAIL
    if not plain or email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
        raise InvalidInput("email", f"'{email[:100]}' is not an e-mail address.")
    return email


async def anybody(database: Database) -> bool:
    """Whether there is somebody who can sign in."""
    async with database.read() as uow:
        return any(user.password_hash for user in await uow.staff.everybody())
