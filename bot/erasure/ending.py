"""Ending the conversations of somebody whose data is about to be erased."""

from __future__ import annotations

from dataclasses import replace

from bot.clock import now
from bot.conversation import State
from bot.events import Event
from bot.learning.registry import Registry
from bot.ownership import set_owner
from bot.records import Erasure, HandoffState, Message
from bot.store.database import UnitOfWork
from bot.transcript import add_message

TOLD = "This customer's data is being erased. The conversation has ended and will be gone."


async def end_conversations(registry: Registry, erasure: Erasure) -> None:
    """Take them from whoever answers, with a line to the agent; nothing is sent to the customer. A
    turn that is being taken is refused by the new owner's epoch."""
    async with registry.database.read() as uow:
        people = [await uow.personal.person(one) for one in erasure.customer_ids]
    ids = sorted({one for person in people if person for one in person.conversation_ids})
    for conversation_id in ids:
        async with registry.database.write() as uow:
            line = await _end(uow, conversation_id)
        if line is not None:
            await registry.bus.publish(Event("message", conversation_id, {"message_id": line.id}))
            await registry.bus.publish(Event("conversation", conversation_id))


async def _end(uow: UnitOfWork, conversation_id: str) -> Message | None:
    conversation = await uow.conversations.lock(conversation_id)
    if conversation is None or conversation.state is State.RESOLVED:
        return None
    at = now()
    done = await set_owner(uow, conversation, State.RESOLVED, at=at)
    handoff = await uow.handoffs.open_of(conversation_id)
    if handoff is not None:
        ended = replace(handoff, state=HandoffState.ABANDONED, closed_at=at)
        await uow.handoffs.update(ended)
    data = {"event": "erased"}
    line, _ = await add_message(
        uow, done, author="system", text=TOLD, private=True, data=data, at=at
    )
    return line
