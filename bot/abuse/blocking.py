"""Blocking: an agent ends a conversation as spam, and what its customer writes is not answered.

Who is blocked is told so once, by the first thing they write, and then nothing; their lines are
kept for a lead to read, a bounded number a day. There are no words that lift it: whatever would let
one sender through would let all of them through, so the sentence names another way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.abuse.block import LONGEST, Block, BlockReason
from bot.agents_words import hear_agents
from bot.auditing import audit
from bot.clock import new_id, now
from bot.conversation import Conversation, State
from bot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from bot.ownership import lock_conversation, publish, set_owner
from bot.records import HandoffState, Message, User, WrapUp
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.transcript import add_message

BLOCKED = "blocked"


async def block(
    services: Services,
    conversation_id: str,
    user: User,
    *,
    reason: BlockReason,
    hours: int | None = None,
    only_address: bool = False,
) -> Block:
    """Block the conversation's customer, or only the address they write from now, and close it as
    spam. Raises Conflict when another agent has it, or when they are blocked already."""
    if hours is not None and not 0 < hours <= LONGEST // timedelta(hours=1):
        raise InvalidInput("hours", "'hours' must be from 1 to 8,784, or left out for good.")
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        at = now()
        await _require_free(uow, conversation, user, at=at)
        added = Block(
            id=new_id(),
            customer_id=conversation.customer_id,
            conversation_id=conversation.id,
            channel=conversation.channel if only_address else None,
            address=conversation.address if only_address else None,
            reason=reason,
            blocked_by=user.id,
            created_at=at,
            until=at + timedelta(hours=hours) if hours is not None else None,
        )
        await uow.blocks.add(added)
        closed = await _close(uow, services, conversation, user, at=at)
        whom = "this address" if only_address else "this customer"
        line = await _note(uow, closed, f"{user.name} blocked {whom}{_span(hours)}: {reason}.", at)
        details = {"reason": reason, "hours": hours, "only_address": only_address}
        await audit(
            uow,
            "block.added",
            added.id,
            by=user.id,
            details=details,
            conversation_id=conversation.id,
            at=at,
        )
    await publish(services, conversation_id, line)
    return added


async def lift(services: Services, block_id: str, user: User) -> None:
    """End a block: leads any, agents their own. One that is over already is left as it is."""
    async with services.database.write() as uow:
        found = await uow.blocks.get(block_id)
        if found is None:
            raise NotFound("There is no such block.")
        if found.blocked_by != user.id and not user.may("lead"):
            raise NotAllowed("Only a lead may lift what a colleague blocked.")
        # The conversation first, as whoever hears a blocked message does.
        conversation = await lock_conversation(uow, found.conversation_id)
        found = await uow.blocks.lock(block_id) or found
        at = now()
        if not found.is_on(at):
            return
        await uow.blocks.update(replace(found, lifted_at=at, lifted_by=user.id))
        line = await _note(uow, conversation, f"{user.name} lifted the block.", at)
        await audit(
            uow,
            "block.lifted",
            found.id,
            by=user.id,
            conversation_id=conversation.id,
            at=at,
        )
    await publish(services, line.conversation_id, line)


async def _require_free(
    uow: UnitOfWork, conversation: Conversation, user: User, *, at: datetime
) -> None:
    theirs = conversation.state is State.AGENT and conversation.agent_id != user.id
    if theirs and not user.may("lead"):
        raise Conflict(
            "A colleague has this conversation: ask them, or a lead.",
            code="not_owner",
            detail={"state": conversation.state.value},
        )
    if await uow.blocks.of_customer(conversation.customer_id, at=at) is not None:
        raise Conflict("They are blocked already.", code=BLOCKED)


async def _close(
    uow: UnitOfWork, services: Services, conversation: Conversation, user: User, *, at: datetime
) -> Conversation:
    """Resolved as spam, with nothing left that would be answered or sent."""
    await uow.turns.drop_pending(conversation.id, at=at)
    await uow.outbox.drop_unsent(conversation.channel, conversation.address, error=BLOCKED)
    done = conversation
    if conversation.state is not State.RESOLVED:
        handoff = await uow.handoffs.open_of(conversation.id)
        if handoff is not None:
            await uow.handoffs.update(replace(handoff, state=HandoffState.RESOLVED, closed_at=at))
        done = await set_owner(uow, conversation, State.RESOLVED, at=at)
    await uow.wrap_ups.add(WrapUp(new_id(), done.id, done.customer_id, user.id, "spam", None, at))
    await hear_agents(uow, services.rules, done.id)
    return done


async def _note(uow: UnitOfWork, conversation: Conversation, text: str, at: datetime) -> Message:
    line, _ = await add_message(
        uow,
        conversation,
        author="system",
        text=text,
        private=True,
        data={"event": "block"},
        at=at,
    )
    return line


def _span(hours: int | None) -> str:
    if hours is None:
        return " for good"
    days, rest = divmod(hours, 24)
    number, unit = (hours, "hour") if rest else (days, "day")
    return f" for {number} {unit}{'' if number == 1 else 's'}"
