"""Changing a conversation's owner by compare-and-set, and telling everybody after the commit."""

from __future__ import annotations

from datetime import datetime

from bot.conversation import Conversation, State, change_owner
from bot.errors import Conflict, NotFound
from bot.events import Event, line_to_send
from bot.records import Message, User
from bot.services import Services
from bot.store.database import UnitOfWork


async def lock_conversation(uow: UnitOfWork, conversation_id: str) -> Conversation:
    """The conversation, locked so that its owner stays; raise NotFound when there is none.

    The losers of a race wait here for the winner, and then see who that was.
    """
    conversation = await uow.conversations.lock(conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


def require_owner(conversation: Conversation, user: User) -> None:
    """Raise Conflict unless this agent owns the conversation."""
    if conversation.state is not State.AGENT or conversation.agent_id != user.id:
        raise Conflict(
            "This conversation is not yours: claim it first.",
            code="not_owner",
            detail={"state": conversation.state.value},
        )


async def set_owner(
    uow: UnitOfWork,
    conversation: Conversation,
    state: State,
    *,
    at: datetime,
    agent_id: str | None = None,
    queue: str | None = None,
) -> Conversation:
    """Write the new owner; raise Conflict when the change is not legal, or came too late."""
    changed = change_owner(conversation, state, agent_id=agent_id, queue=queue)
    if not await uow.conversations.set_owner(
        changed, expected_epoch=conversation.owner_epoch, at=at
    ):
        raise Conflict("Somebody else just changed this conversation.", code="already_claimed")
    if conversation.state is State.WAITING:
        await uow.offers.end_on(conversation.id, taken_by=agent_id, at=at)
    return changed


async def publish(
    services: Services, conversation_id: str, message: Message, *, owner_changed: bool = True
) -> None:
    """Tell whoever sends and every open page. Call it after the commit."""
    await services.bus.publish(line_to_send(conversation_id, message.id, message.channel))
    if owner_changed:
        await services.bus.publish(Event("conversation", conversation_id))
