"""A lead ends somebody's account from the console; the operator's `warmline user revoke` is beside
it, in bot.accounts."""

from __future__ import annotations

from bot.access.sessions import signed_out
from bot.accounts import lock_out
from bot.agents import presence_changed
from bot.errors import Conflict, NotAllowed, NotFound
from bot.events import Event
from bot.records import User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.stranded import return_stranded


async def revoke(services: Services, user_id: str, by: User) -> None:
    """They can sign in no more, and their customers are back in line at once; raise NotFound,
    NotAllowed for a lead who would end an admin, or Conflict for who would lock themselves out."""
    async with services.database.write() as uow:
        user = await _colleague(uow, user_id, by)
        if user.id == by.id:
            raise Conflict("You cannot end your own account.", code="own_account")
        if not by.may(user.role):
            raise NotAllowed("Only an admin may end the account of an admin.")
        await lock_out(uow, user)
    await services.bus.publish(signed_out(user_id))
    await services.bus.publish(presence_changed(user_id))
    await services.bus.publish(Event("access", ""))
    await return_stranded(services)


async def _colleague(uow: UnitOfWork, user_id: str, by: User) -> User:
    user = await uow.staff.get(user_id)
    hidden = user is not None and user.role == "program" and not by.may("admin")
    if user is None or hidden or await uow.agents.is_revoked(user_id):
        raise NotFound("There is no such agent.")
    return user
