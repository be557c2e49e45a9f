"""Signing in and staying signed in. A token is shown once and stored as its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from bot.clock import now
from bot.errors import NotSignedIn
from bot.passwords import matches
from bot.records import Session, User
from bot.services import Services

LASTS = timedelta(hours=12)


async def sign_in(services: Services, email: str, password: str) -> tuple[str, Session, User]:
    """A new session; raise NotSignedIn without saying which of the two was wrong."""
    async with services.database.read() as uow:
        user = await uow.staff.by_email(email.strip())
    if not await matches(password, user.password_hash if user else None) or user is None:
        raise NotSignedIn("The e-mail address and password do not match.", code="wrong_credentials")
    token = secrets.token_urlsafe(32)
    at = now()
    session = Session(_digest(token), user.id, secrets.token_urlsafe(24), at, at + LASTS)
    async with services.database.write() as uow:
        await uow.staff.sweep_sessions(at=at)
        await uow.staff.add_session(session)
    return token, session, user


async def find_session(services: Services, token: str) -> tuple[Session, User]:
    """Whose token this is; raise NotSignedIn for an unknown one or one that has ended."""
    async with services.database.read() as uow:
        found = await uow.staff.session(_digest(token))
    if found is None:
        raise NotSignedIn("Please sign in.")
    if found[0].expires_at <= now():
        raise NotSignedIn("Your session has ended. Please sign in again.", code="session_expired")
    return found


async def sign_out(services: Services, session: Session) -> None:
    """End the session everywhere, at once."""
    async with services.database.write() as uow:
        await uow.staff.end_session(session.token_hash)


def _digest(token: str) -> str:
    # A header may hold bytes that are no text; they are then nobody's token.
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
