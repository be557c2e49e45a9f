"""API tokens: what a program shows with every request, good for what its scopes name and never for
more than its user may."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import get_args

from bot.auditing import audit
from bot.clock import new_id, now
from bot.errors import InvalidInput, NotFound, NotSignedIn
from bot.records import ApiToken, Scope, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.text import clean

PREFIX = "wl_"  # by which scanners of public code find one that leaked
SCOPES: tuple[Scope, ...] = get_args(Scope)
MOST_DAYS = 365
LONGEST_NAME = 60
USED_TO_THE = timedelta(minutes=1)  # so often a use is written down


def digest(token: str) -> str:
    """What is stored of a token."""
    # A header may hold bytes that are no text; they are then nobody's token.
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


async def add_token(
    uow: UnitOfWork, user: User, *, name: str, scopes: list[str], days: int, by: str | None
) -> tuple[ApiToken, str]:
    """A new one, and what its program has to show, which is nowhere to be read again; raise
    InvalidInput naming the field, or NotFound for somebody whose account was ended meanwhile."""
    if await uow.staff.lock(user.id) is None or await uow.agents.is_revoked(user.id):
        raise NotFound("There is no such person.")
    line = " ".join(clean(name, field="name").split())
    if len(line) > LONGEST_NAME:
        raise InvalidInput("name", f"'name' must have at most {LONGEST_NAME} characters.")
    known = [scope for scope in SCOPES if scope in scopes]
    if not known or len(known) != len(set(scopes)):
        raise InvalidInput("scopes", f"'scopes' are one or more of {', '.join(SCOPES)}.")
    if "admin" in known and not user.may("admin"):
        raise InvalidInput("scopes", "The scope admin is for admins' tokens only.")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput("days", f"A token is good for 1 to {MOST_DAYS} days.")
    secret = PREFIX + secrets.token_urlsafe(32)
    at = now()
    token = ApiToken(new_id(), digest(secret), user.id, line, known, at, at + timedelta(days=days))
    await uow.api_tokens.add(token)
    details = {"scopes": known, "days": days}
    await audit(uow, "token.created", token.id, by=by, at=at, details=details)
    return token, secret


async def remove_token(services: Services, token_id: str, by: User) -> ApiToken:
    """End one's own, or as an admin anybody's; raise NotFound for any other."""
    async with services.database.write() as uow:
        removed = await uow.api_tokens.remove(token_id, of=None if by.may("admin") else by.id)
        if removed is None:
            raise NotFound("There is no such token.")
        await audit(uow, "token.removed", token_id, by=by.id)
    return removed


async def find_token(services: Services, secret: str) -> tuple[ApiToken, User]:
    """Whose token this is; raise NotSignedIn for an unknown one or one that has ended."""
    at = now()
    async with services.database.read() as uow:
        token = await uow.api_tokens.by_hash(digest(secret))
        user = await uow.staff.get(token.user_id) if token else None
    if token is None or user is None:
        raise NotSignedIn("There is no such API token.")
    if token.expires_at <= at:
        raise NotSignedIn("This API token has ended. Make a new one.", code="token_expired")
    if token.last_used_at is None or at - token.last_used_at >= USED_TO_THE:
        async with services.database.write() as uow:
            await uow.api_tokens.used(token.id, at=at)
    return token, user
