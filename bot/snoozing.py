"""Putting a conversation off: it leaves its agent's list and comes back by itself.

It stays theirs meanwhile. When it is to come back stands in the database, so that a restart forgets
none and any worker may be the one that brings it back: whoever locks it first does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from bot.auditing import audit
from bot.clock import iso, now
from bot.conversation import Conversation
from bot.errors import InvalidInput
from bot.one_of_many import one_of_many
from bot.ownership import lock_conversation, publish, require_owner
from bot.records import Message, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.transcript import add_message

LONGEST = timedelta(days=366)


class Why(str, Enum):
    """Why a conversation is back."""

    TIME = "time"
    CUSTOMER = "customer"
    AGENT = "agent"


WORDS = {
    Why.TIME: "Back from snooze: it is time.",
    Why.CUSTOMER: "Back from snooze: the customer wrote.",
    Why.AGENT: "Back from snooze.",
}


async def snooze(
    services: Services, conversation_id: str, user: User, *, until: datetime | None
) -> None:
    """Put it off until then, or, without a time, until the customer writes, which ends any snooze.
    Raises Conflict unless it is this agent's."""
    at = now()
    if until is not None and not at < until <= at + LONGEST:
        raise InvalidInput("until", "'until' must lie in the future, within a year from now.")
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        require_owner(conversation, user)
        put_off = replace(conversation, snoozed_at=at, snoozed_until=until)
        await uow.conversations.set_snooze(put_off)
        await audit(
            uow,
            "conversation.snoozed",
            conversation_id,
            by=user.id,
            conversation_id=conversation_id,
            at=at,
            details={"until": iso(until) if until else None},
        )
        till = "" if until else " until the customer writes"
        message, _ = await add_message(
            uow,
            put_off,
            author="system",
            text=f"{user.name} snoozed the conversation{till}.",
            private=True,
            data={"event": "snoozed", "until": iso(until) if until else None},
            at=at,
        )
    await publish(services, conversation_id, message)


async def end_snooze(services: Services, conversation_id: str, user: User) -> None:
    """Bring it back now; nothing happens when it is back already."""
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        require_owner(conversation, user)
        if conversation.snoozed_at is None:
            return
        message, _ = await wake(uow, conversation, Why.AGENT, by=user.id, at=now())
    await publish(services, conversation_id, message)


async def wake_due(services: Services, *, at: datetime | None = None) -> None:
    """Bring back every conversation whose time has come."""
    at = at or now()
    async with services.database.read() as uow:
        found = await uow.conversations.snoozed_until(at)
    for conversation_id in found:
        with one_of_many("not_woken", conversation_id):
            await _wake_if_due(services, conversation_id, at=at)


async def _wake_if_due(services: Services, conversation_id: str, *, at: datetime) -> None:
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        # It may have come back, or been put off for longer, since it was found.
        until = conversation.snoozed_until
        if conversation.snoozed_at is None or until is None or until > at:
            return
        line, _ = await wake(uow, conversation, Why.TIME, at=at)
    await publish(services, conversation_id, line)


async def wake(
    uow: UnitOfWork, conversation: Conversation, why: Why, *, at: datetime, by: str | None = None
) -> tuple[Message, Conversation]:
    """The same within a transaction that has locked it: on top of the list again, with the line
    that says why."""
    back = replace(conversation, snoozed_at=None, snoozed_until=at)
    await uow.conversations.set_snooze(back)
    await audit(
        uow,
        "conversation.woken",
        back.id,
        by=by,
        actor=None if by else "bot",
        conversation_id=back.id,
        at=at,
        details={"why": why.value},
    )
    data = {"event": "woken", "why": why.value}
    return await add_message(
        uow, back, author="system", text=WORDS[why], private=True, data=data, at=at
    )
