"""Who gets in, all of it on one page, for admins."""

from __future__ import annotations

from pydantic import BaseModel

from bot.access.proving import key_of
from bot.access.sessions import ends_at
from bot.clock import iso_or_none, now
from bot.records import User
from bot.store.database import UnitOfWork
from desk import account_shapes, account_views, shapes
from desk.routes import Call, Route


class AccessPerson(shapes.User):
    """`has_password`: they chose one; `waits_until`: it was wrong so often that strangers to their
    desks wait until then; `revoked_at`: their account was ended."""

    has_password: bool
    signed_in_at: str | None
    waits_until: str | None
    revoked_at: str | None


class Access(BaseModel):
    people: list[AccessPerson]
    sessions: list[account_shapes.AccessSession]
    tokens: list[account_shapes.AccessToken]


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/access",
            "admin",
            "Who may get in, and what they get in with: sessions and API tokens",
            access,
            answer=Access,
        ),
    ]


async def access(call: Call) -> Access:
    at = now()
    async with call.services.database.read() as uow:
        users = await uow.staff.everybody()
        revoked = {
            agent.user_id: agent.revoked_at
            for agent in (await uow.agents.many([user.id for user in users])).values()
        }
        people = [
            AccessPerson(
                id=user.id,
                email=user.email,
                name=user.name,
                role=user.role,
                has_password=bool(user.password_hash),
                signed_in_at=iso_or_none(user.signed_in_at),
                waits_until=await _waits_until(uow, user),
                revoked_at=iso_or_none(revoked.get(user.id)),
            )
            for user in users
        ]
        sessions = await uow.staff.sessions()
        tokens = await uow.api_tokens.all()
    return Access(
        people=people,
        sessions=[
            account_views.session(row, current=call.session)
            for row in sessions
            if ends_at(row) > at
        ],
        tokens=[account_views.token(row) for row in tokens],
    )


async def _waits_until(uow: UnitOfWork, user: User) -> str | None:
    at = now()
    failed = await uow.sign_ins.failures(key_of(user.email), at=at)
    waits = failed.waits_until
    return iso_or_none(waits) if waits is not None and waits > at else None
