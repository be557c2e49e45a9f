"""The demo's people, with sign-ins that everybody knows, so they exist in demo mode alone; and the
replies they have ready."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from bot.auditing import audit
from bot.canned import canned_reply
from bot.clock import new_id, now
from bot.records import Role, User
from bot.store.database import Database
from bot.yaml_file import read_mapping

CANNED_REPLIES = Path("data", "demo", "canned_replies.yml")
PASSWORD = "demo"  # noqa: S105  (the demo listens on the loopback address only)
STAFF: tuple[tuple[str, str, Role], ...] = (
    ("agent@demo.test", "Nora Agent", "agent"),
    ("lead@demo.test", "Liam Lead", "lead"),
    ("admin@demo.test", "Ada Admin", "admin"),
)
SIGN_INS = tuple({"email": email, "password": PASSWORD, "role": role} for email, _, role in STAFF)


async def add_staff(database: Database, password_hash: str) -> None:
    """Let the demo's people sign in."""
    # Another demo that starts at the same moment adds the same.
    with contextlib.suppress(IntegrityError):
        async with database.write() as uow:
            for email, name, role in STAFF:
                user = await uow.staff.by_email(email)
                if user is None:
                    await uow.staff.add(User(new_id(), email, name, role, password_hash, now()))
                elif not user.password_hash:
                    await uow.staff.set_password(user.id, password_hash)


async def add_canned_replies(database: Database, file: Path) -> None:
    """Give the agents `file`'s replies, once: what leads make of them later stays."""
    words = read_mapping(file, missing="It comes with the project: put it back.")
    replies = [canned_reply(new_id(), name, text) for name, text in words.items()]
    # As above: the same names.
    with contextlib.suppress(IntegrityError):
        async with database.write() as uow:
            if not await uow.canned_replies.all():
                await uow.canned_replies.add(*replies, at=now())


async def remove_staff(database: Database) -> bool:
    """Lock the demo's sign-ins out; whether there were any. Their names stay on what they wrote."""
    async with database.write() as uow:
        locked_out = await uow.staff.lock_out([email for email, _, _ in STAFF])
        if locked_out:
            await audit(uow, "demo.locked_out", "demo", by=None, actor="bot")
        return locked_out
