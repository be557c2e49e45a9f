"""The people who get in: added by admins, with a link by which each chooses a password alone."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from bot.access.password_rules import check_password
from bot.access.proving import Attempt, key_of, prove
from bot.access.sessions import signed_out
from bot.access.tokens import digest
from bot.accounts import checked_email
from bot.auditing import audit
from bot.clock import new_id, now
from bot.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from bot.events import Event
from bot.passwords import hash_password
from bot.records import Role, Session, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.text import clean

LINK_LASTS = timedelta(hours=24)
LONGEST_NAME = 200


async def add_person(
    services: Services, *, email: str, name: str, role: Role, by: User
) -> tuple[User, str | None]:
    """Somebody who may get in, and the secret of the link by which they choose a password; a
    program has neither, only API tokens. Raise InvalidInput naming the field."""
    line = " ".join(clean(name, field="name").split())
    if len(line) > LONGEST_NAME:
        raise InvalidInput("name", f"'name' must have at most {LONGEST_NAME} characters.")
    at = now()
    user = User(new_id(), checked_email(email), line, role, "", at)
    try:
        async with services.database.write() as uow:
            await uow.staff.add(user)
            await audit(uow, "user.added", user.id, by=by.id, at=at, details={"role": role})
            secret = None if role == "program" else await _new_link(uow, user, by, at)
    except IntegrityError as error:
        raise Conflict(
            "Somebody with this e-mail address is there already.",
            code="email_taken",
            detail={"field": "email"},
        ) from error
    await services.bus.publish(Event("access", ""))
    return user, secret


async def new_link(services: Services, user_id: str, by: User) -> tuple[User, str]:
    """Whose it is, and the secret of a new link to choose a password, in the place of an earlier
    one."""
    async with services.database.write() as uow:
        user = await _person(uow, user_id)
        if user.role == "program":
            raise Conflict("A program has no password: make it an API token.", code="program")
        return user, await _new_link(uow, user, by, now())


async def change_role(services: Services, user_id: str, role: Role, by: User) -> None:
    """They are signed out: what they have open was shown to another role. Their tokens stay, and
    are good for less or more at once."""
    async with services.database.write() as uow:
        user = await _person(uow, user_id)
        if user.id == by.id:
            raise Conflict("You cannot change your own role.", code="own_account")
        if "program" in (user.role, role) and role != user.role:
            raise Conflict("A program stays one: add the person anew.", code="program")
        await uow.staff.set_role(user.id, role)
        await uow.staff.end_sessions(user.id)
        details = {"from": user.role, "to": role}
        await audit(uow, "user.role_changed", user.id, by=by.id, details=details)
    await _tell(services, user_id)


async def let_in(services: Services, user_id: str, by: User) -> None:
    """Forget how often a password of theirs was wrong."""
    async with services.database.write() as uow:
        user = await _person(uow, user_id)
        await uow.sign_ins.forgive(key_of(user.email), *await uow.sign_ins.places_of(user.id))
        await audit(uow, "user.unlocked", user.id, by=by.id)
    await services.bus.publish(Event("access", ""))


async def change_password(
    services: Services, session: Session, user: User, *, current: str, new: str, address: str | None
) -> None:
    """All other sessions of theirs end. Raise NotSignedIn or TooMany as signing in does, or
    InvalidInput for a password that is refused."""
    check_password(new, email=user.email)
    try:
        proven = await prove(services, Attempt(user.email, current, address))
    except NotSignedIn as error:
        raise InvalidInput("current", "That is not your present password.") from error
    hashed = await hash_password(new)
    async with services.database.write() as uow:
        same = await uow.staff.lock(user.id)
        if same is None or same.password_hash != proven.password_hash:
            raise Conflict("Your password was changed meanwhile.", code="changed")
        await uow.staff.set_password(user.id, hashed)
        await uow.password_links.drop_of(user.id)  # whoever has one would change it once more
        await uow.staff.end_sessions(user.id, but=session.token_hash)
        await audit(uow, "password.changed", user.id, by=user.id)
    await _tell(services, user.id)


async def choose_password(services: Services, secret: str, password: str) -> None:
    """By a link; all sessions of theirs end. Raise NotFound for a link that is used, old or made
    up."""
    gone = "This link was used, or is too old. Ask an admin for a new one."
    async with services.database.read() as uow:
        user_id = await uow.password_links.whose(digest(secret), at=now())
        user = await uow.staff.get(user_id) if user_id else None
    if user is None:
        raise NotFound(gone)
    check_password(password, email=user.email)
    hashed = await hash_password(password)
    at = now()
    async with services.database.write() as uow:
        await uow.staff.lock(user.id)  # before the link, as whoever makes another one does
        if await uow.password_links.use(digest(secret), at=at) is None:
            raise NotFound(gone)
        await uow.staff.set_password(user.id, hashed)
        await uow.staff.end_sessions(user.id)
        await uow.sign_ins.forgive(key_of(user.email))
        await audit(uow, "password.chosen", user.id, by=user.id, at=at)
    await _tell(services, user.id)


async def _new_link(uow: UnitOfWork, user: User, by: User, at: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    await uow.password_links.replace(digest(secret), user.id, at=at, expires_at=at + LINK_LASTS)
    await audit(uow, "password_link.made", user.id, by=by.id, at=at)
    return secret


async def _person(uow: UnitOfWork, user_id: str) -> User:
    user = await uow.staff.lock(user_id)
    if user is None or await uow.agents.is_revoked(user_id):
        raise NotFound("There is no such person.")
    return user


async def _tell(services: Services, user_id: str) -> None:
    await services.bus.publish(signed_out(user_id))
    await services.bus.publish(Event("access", ""))
