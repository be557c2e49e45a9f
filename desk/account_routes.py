"""One's own ways in: sessions, API tokens, the password."""

from __future__ import annotations

from bot.access import people, sessions, tokens
from bot.clock import now
from bot.errors import Conflict, NotFound
from bot.events import Event
from bot.records import User
from bot.store.database import UnitOfWork
from desk import account_shapes as shapes
from desk import account_views as views
from desk.client_address import known_address
from desk.routes import Call, Route

MOST_TOKENS = 50  # of one person: more are forgotten ones


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/sessions",
            "program",
            "Where I am signed in, newest first",
            own_sessions,
            answer=shapes.AccessSessions,
        ),
        Route(
            "DELETE",
            "/sessions/{id}",
            "program",
            "End a session of mine; an admin may end anybody's",
            end_session,
            scope="person",
        ),
        Route(
            "POST",
            "/sessions/end-others",
            "program",
            "Sign out everywhere but here",
            end_others,
            scope="person",
        ),
        Route(
            "GET",
            "/tokens",
            "program",
            "My API tokens, newest first",
            own_tokens,
            answer=shapes.AccessTokens,
        ),
        Route(
            "POST",
            "/tokens",
            "program",
            "Make an API token; its secret is told this once",
            add_token,
            body=shapes.TokenWish,
            answer=shapes.NewAccessToken,
            status=201,
            scope="person",
        ),
        Route(
            "DELETE",
            "/tokens/{id}",
            "program",
            "End an API token of mine; an admin may end anybody's",
            remove_token,
            scope="person",
        ),
        Route(
            "POST",
            "/password",
            "program",
            "Change my password; all my other sessions end",
            change_password,
            body=shapes.PasswordChange,
            scope="person",
        ),
    ]


async def own_sessions(call: Call) -> shapes.AccessSessions:
    at = now()
    async with call.services.database.read() as uow:
        rows = await uow.staff.sessions(of=call.staff.id)
    items = [views.session(row, current=call.session) for row in rows if sessions.ends_at(row) > at]
    return shapes.AccessSessions(items=items, next=None)


async def end_session(call: Call) -> None:
    await sessions.end_session(call.services, call.request.match_info["id"], call.staff)


async def end_others(call: Call) -> None:
    await sessions.end_others(call.services, call.own_session)


async def own_tokens(call: Call) -> shapes.AccessTokens:
    async with call.services.database.read() as uow:
        rows = await uow.api_tokens.all(of=call.staff.id)
    return shapes.AccessTokens(items=[views.token(row) for row in rows], next=None)


async def add_token(call: Call) -> shapes.NewAccessToken:
    wish: shapes.TokenWish = call.body
    by = call.staff
    async with call.services.database.write() as uow:
        user = await _owner(uow, wish.user_id, by)
        if len(await uow.api_tokens.all(of=user.id)) >= MOST_TOKENS:
            raise Conflict(
                f"There are {MOST_TOKENS} tokens, which is the most: delete one first.",
                code="too_many",
            )
        token, secret = await tokens.add_token(
            uow, user, name=wish.name, scopes=wish.scopes, days=wish.days, by=by.id
        )
    await call.services.bus.publish(Event("access", ""))
    return shapes.NewAccessToken(**views.token(token).dict(), secret=secret)


async def _owner(uow: UnitOfWork, user_id: str | None, by: User) -> User:
    """Whose the new token shall be: an admin makes those of programs, and nobody makes one of
    another person, who they could then pass for."""
    if user_id is None or user_id == by.id:
        return by
    user = await uow.staff.get(user_id) if by.may("admin") else None
    if user is None or user.role != "program" or await uow.agents.is_revoked(user.id):
        raise NotFound("There is no such program.")
    return user


async def remove_token(call: Call) -> None:
    removed = await tokens.remove_token(call.services, call.request.match_info["id"], call.staff)
    await call.services.bus.publish(sessions.signed_out(removed.user_id))
    await call.services.bus.publish(Event("access", ""))


async def change_password(call: Call) -> None:
    change: shapes.PasswordChange = call.body
    await people.change_password(
        call.services,
        call.own_session,
        call.staff,
        current=change.current,
        new=change.new,
        address=known_address(call.request),
    )
