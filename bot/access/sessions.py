"""Sessions: begun by a password, used until they end, ended by whoever owns them or by an admin."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot import metrics
from bot.access.proving import WRONG, Attempt, prove
from bot.access.tokens import digest
from bot.auditing import audit
from bot.clock import now
from bot.errors import NotFound, NotSignedIn, TooMany
from bot.events import Event
from bot.records import Session, User
from bot.services import Services

LASTS = timedelta(hours=12)
# Without a request. A page that is open makes some, so this ends what was left behind: a closed
# window, a program that has stopped.
IDLE = timedelta(hours=2)
SEEN_TO_THE = timedelta(minutes=1)  # so often a use is written down


async def sign_in(
    services: Services, attempt: Attempt, *, device: str, earlier: str | None
) -> tuple[str, Session, User]:
    """A new session in the place of the `earlier` one, whose token is given; raise as `prove`."""
    try:
        begun = await _begin(services, attempt, device=device, earlier=earlier)
    except NotSignedIn:
        metrics.sign_ins.labels(outcome="refused").inc()
        raise
    except TooMany:
        metrics.sign_ins.labels(outcome="limited").inc()
        raise
    metrics.sign_ins.labels(outcome="signed_in").inc()
    return begun


async def _begin(
    services: Services, attempt: Attempt, *, device: str, earlier: str | None
) -> tuple[str, Session, User]:
    user = await prove(services, attempt)
    token = secrets.token_urlsafe(32)
    at = now()
    session = Session(
        token_hash=digest(token),
        user_id=user.id,
        csrf_token=secrets.token_urlsafe(24),
        created_at=at,
        expires_at=at + LASTS,
        seen_at=at,
        device=device,
    )
    ended = None
    async with services.database.write() as uow:
        same = await uow.staff.lock(user.id)
        if same is None or same.password_hash != user.password_hash:
            # Revoked, or given another password, since it was proven.
            raise NotSignedIn(WRONG, code="wrong_credentials")
        await uow.staff.sweep_sessions(at=at, idle_since=at - IDLE)
        if earlier is not None:
            ended = await uow.staff.session(digest(earlier))
            await uow.staff.end_session(digest(earlier))
        await uow.staff.add_session(session)
        await uow.staff.signed_in(user.id, at=at)
        await audit(uow, "session.started", session.id, by=user.id, at=at)
    if ended is not None:
        await services.bus.publish(signed_out(ended[1].id))
    await services.bus.publish(Event("access", ""))
    return token, session, user


async def find_session(services: Services, token: str) -> tuple[Session, User]:
    """Whose token this is; raise NotSignedIn for an unknown one or one that has ended."""
    at = now()
    async with services.database.read() as uow:
        found = await uow.staff.session(digest(token))
    if found is None:
        raise NotSignedIn("Please sign in.")
    session, user = found
    if ends_at(session) <= at:
        raise NotSignedIn("Your session has ended. Please sign in again.", code="session_expired")
    if at - (session.seen_at or session.created_at) >= SEEN_TO_THE:
        async with services.database.write() as uow:
            await uow.staff.session_seen(session.token_hash, at=at)
    return session, user


def ends_at(session: Session) -> datetime:
    """When it ends if it is used no more."""
    return min(session.expires_at, (session.seen_at or session.created_at) + IDLE)


async def sign_out(services: Services, session: Session) -> None:
    """End the session everywhere, at once."""
    async with services.database.write() as uow:
        await uow.staff.end_session(session.token_hash)
        await audit(uow, "session.ended", session.id, by=session.user_id)
    await _tell(services, session.user_id)


async def end_session(services: Services, session_id: str, by: User) -> None:
    """End one of one's own, or as an admin anybody's; raise NotFound for any other."""
    async with services.database.write() as uow:
        ended = await uow.staff.end_session_by_id(session_id, of=None if by.may("admin") else by.id)
        if ended is None:
            raise NotFound("There is no such session.")
        await audit(uow, "session.ended", session_id, by=by.id)
    await _tell(services, ended.user_id)


async def end_others(services: Services, session: Session) -> None:
    """Sign out everywhere but here."""
    async with services.database.write() as uow:
        count = await uow.staff.end_sessions(session.user_id, but=session.token_hash)
        details = {"count": count}
        await audit(uow, "sessions.ended", session.user_id, by=session.user_id, details=details)
    await _tell(services, session.user_id)


async def _tell(services: Services, user_id: str) -> None:
    await services.bus.publish(signed_out(user_id))
    await services.bus.publish(Event("access", ""))


def signed_out(user_id: str) -> Event:
    """One of this user's sessions or tokens has ended: their open sockets look whether it was
    theirs."""
    return Event("signed_out", "", {"user_id": user_id})
