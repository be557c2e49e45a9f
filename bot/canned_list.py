"""The list of canned replies: what leads add to it, change and take out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError

from bot.auditing import audit
from bot.canned import CannedReply, canned_reply
from bot.clock import new_id, now
from bot.errors import Conflict, NotFound
from bot.services import Services
from bot.store.database import UnitOfWork

MISSING = "There is no such canned reply."


async def add(services: Services, name: str, text: str, *, by: str) -> CannedReply:
    """A new one; raise Conflict when another has that name."""
    reply = canned_reply(new_id(), name, text)
    async with _writing(services, reply) as uow:
        await uow.canned_replies.add(reply, at=now())
        await audit(uow, "canned_reply.added", reply.id, by=by)
    return reply


async def change(
    services: Services, reply_id: str, name: str, text: str, *, by: str
) -> CannedReply:
    """New words for one; raise NotFound, or Conflict when another has that name."""
    reply = canned_reply(reply_id, name, text)
    async with _writing(services, reply) as uow:
        if not await uow.canned_replies.change(reply, at=now()):
            raise NotFound(MISSING)
        await audit(uow, "canned_reply.changed", reply_id, by=by)
    return reply


async def delete(services: Services, reply_id: str, *, by: str) -> None:
    """Take one out; what was sent with it stays as it was sent."""
    async with services.database.write() as uow:
        if not await uow.canned_replies.delete(reply_id):
            raise NotFound(MISSING)
        await audit(uow, "canned_reply.deleted", reply_id, by=by)


@asynccontextmanager
async def _writing(services: Services, reply: CannedReply) -> AsyncIterator[UnitOfWork]:
    try:
        async with services.database.write() as uow:
            yield uow
    except IntegrityError as error:
        raise Conflict(
            f"There is a canned reply '{reply.name}' already. Choose another name.",
            code="name_taken",
            detail={"field": "name"},
        ) from error
