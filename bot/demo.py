"""The demo's people: sign-ins that everybody knows, so they exist in demo mode alone."""

from __future__ import annotations

import contextlib

from sqlalchemy.exc import IntegrityError

from bot.clock import new_id, now
from bot.records import Role, User
from bot.store.database import Database

PASSWORD = "demo"  # noqa: S105  (the demo listens on the loopback address only)
STAFF: tuple[tuple[str, str, Role], ...] = (
    ("agent@demo.test", "Nora Agent", "agent"),
    ("lead@demo.test", "Liam Lead", "lead"),
)
SIGN_INS = tuple({"email": email, "password": PASSWORD, "role": role} for email, _, role in STAFF)


async def add_staff(database: Database, password_hash: str) -> None:
    """Let the demo's agent and lead sign in."""
    # Another demo that starts at the same moment adds the same two.
    with contextlib.suppress(IntegrityError):
        async with database.write() as uow:
            for email, name, role in STAFF:
                user = await uow.staff.by_email(email)
                if user is None:
                    await uow.staff.add(User(new_id(), email, name, role, password_hash, now()))
                elif not user.password_hash:
                    await uow.staff.set_password(user.id, password_hash)


async def remove_staff(database: Database) -> bool:
    """Lock the demo's sign-ins out; whether there were any. Their names stay on what they wrote."""
    async with database.write() as uow:
        return await uow.staff.lock_out([email for email, _, _ in STAFF])
