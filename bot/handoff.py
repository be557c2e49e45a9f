"""Between bot and people: asking for a person, claiming, answering, giving back, resolving.

Every change of owner raises `owner_epoch` by compare-and-set, so that a race has one winner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.assistant.reply import AssistantReply, Resume
from bot.clock import new_id, now
from bot.conversation import Conversation, State, change_owner
from bot.errors import Conflict, InvalidInput, NotFound
from bot.events import Event
from bot.intake import new_turn
from bot.records import Handoff, HandoffState, Message, Turn, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.text import clean
from bot.transcript import add_message

# The reasons a hand-off can have, and how they read on a page.
REASONS = {
    "customer_asked": "Asked for a person",
    "misunderstood": "Not understood several times",
    "action_failed": "Something the bot tried failed",
    "no_answer": "The bot had no answer",
}
# Greetings and the like do not say what a customer wants.
TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "bot_challenge"})
NOT_WISHES = TALK | {"contact_human_agent", "nlu_fallback", "out_of_scope"}


async def request_handoff(
    uow: UnitOfWork,
    conversation: Conversation,
    turn: Turn,
    reply: AssistantReply,
    *,
    at: datetime,
) -> Handoff:
    """Write the request and its card; part of the turn's own transaction."""
    if reply.handoff is None:
        raise ValueError("the reply asks for no hand-off")
    handoff = Handoff(
        id=new_id(),
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        turn_id=turn.id,
        state=HandoffState.REQUESTED,
        reason=reply.handoff.reason,
        evidence=reply.handoff.evidence,
        card={
            "wants": await _wish(uow, conversation.id, turn),
            "collected": [
                {"name": name, "value": value, "source": "conversation"}
                for name, value in reply.slots.items()
            ],
            "tried": [
                {
                    "action": run.action,
                    "result": "failed" if run.error else "ok",
                    "detail": run.error,
                }
                for run in reply.actions
            ],
        },
        agent_id=None,
        requested_at=at,
        accepted_at=None,
        closed_at=None,
    )
    await uow.handoffs.add(handoff)
    await add_message(
        uow,
        conversation,
        author="system",
        text=f"Handed to a person: {REASONS.get(handoff.reason, handoff.reason)}.",
        private=True,
        data={"event": "handoff_requested", "reason": handoff.reason},
        at=at,
    )
    return handoff


async def _wish(uow: UnitOfWork, conversation_id: str, turn: Turn) -> dict[str, Any]:
    """The newest turn that says what the customer is after, this one included."""
    if turn.intent not in NOT_WISHES and turn.intent is not None:
        return {"intent": turn.intent, "text": turn.text, "message_id": turn.message_id}
    for earlier in await uow.turns.recent(conversation_id, limit=10):
        if earlier.intent is not None and earlier.intent not in NOT_WISHES:
            return {
                "intent": earlier.intent,
                "text": earlier.text,
                "message_id": earlier.message_id,
            }
    return {"intent": None, "text": turn.text, "message_id": turn.message_id}


async def claim(services: Services, conversation_id: str, user: User) -> None:
    """Make the conversation this agent's; raise Conflict, saying whose it is, if it is not free."""
    async with services.database.write() as uow:
        conversation = await _get(uow, conversation_id)
        if conversation.state is State.AGENT:
            holder = await uow.staff.get(conversation.agent_id or "")
            name = holder.name if holder else "somebody else"
            raise Conflict(
                f"Already claimed by {name}.",
                code="already_claimed",
                detail={"agent": {"id": conversation.agent_id, "name": name}},
            )
        if conversation.state is not State.WAITING:
            raise Conflict(
                "This conversation is not waiting for a person.",
                code="not_waiting",
                detail={"state": conversation.state.value},
            )
        at = now()
        mine = await _set_owner(uow, conversation, State.AGENT, agent_id=user.id, at=at)
        handoff = await uow.handoffs.open_of(conversation_id)
        if handoff is not None:
            await uow.handoffs.update(
                replace(handoff, state=HandoffState.ACCEPTED, agent_id=user.id, accepted_at=at)
            )
        joined = f"{user.name} joined the conversation."
        message = await _announce(uow, mine, joined, {"event": "claimed"}, at=at)
    await _publish(services, conversation_id, message)


async def send_as_agent(
    services: Services, conversation_id: str, user: User, text: object, *, client_id: str | None
) -> Message:
    """An agent's reply to the customer; the same `client_id` again returns the same message."""
    cleaned = clean(text, field="text")
    external_id = f"{user.id}:{client_id}" if client_id else None
    async with services.database.write() as uow:
        conversation = await _get(uow, conversation_id)
        if external_id:
            sent = await uow.messages.by_external_id(conversation.channel, external_id)
            if sent is not None:
                return sent
        _require_owner(conversation, user)
        asked = await uow.messages.last_of_customer(conversation_id)
        message, _ = await add_message(
            uow,
            conversation,
            author="agent",
            agent=user,
            text=cleaned,
            external_id=external_id,
            in_reply_to=asked.id if asked else None,
            at=now(),
        )
    await _publish(services, conversation_id, message, owner_changed=False)
    return message


async def add_note(services: Services, conversation_id: str, user: User, text: object) -> Message:
    """A private line for other agents; anybody of the staff may add one."""
    cleaned = clean(text, field="text")
    async with services.database.write() as uow:
        conversation = await _get(uow, conversation_id)
        message, _ = await add_message(
            uow, conversation, author="agent", agent=user, text=cleaned, private=True, at=now()
        )
    await _publish(services, conversation_id, message, owner_changed=False)
    return message


async def transfer(
    services: Services,
    conversation_id: str,
    user: User,
    *,
    agent_id: str | None,
    queue: str | None,
    note: str | None,
) -> None:
    """Pass the conversation to another agent, or back into a queue, with an optional note."""
    if (agent_id is None) == (queue is None):
        raise InvalidInput("agent_id", "Name either 'agent_id' or 'queue', and only one of them.")
    if queue is not None and queue not in services.rules.queues:
        known = ", ".join(services.rules.queues)
        raise InvalidInput("queue", f"There is no queue '{queue}'. Known queues: {known}.")
    cleaned = clean(note, field="note") if note else None
    async with services.database.write() as uow:
        conversation = await _get(uow, conversation_id)
        _require_owner(conversation, user)
        at = now()
        handoff = await uow.handoffs.open_of(conversation_id)
        if agent_id is not None:
            target = await uow.staff.get(agent_id)
            if target is None:
                raise InvalidInput("agent_id", f"There is no agent '{agent_id}'.")
            theirs = await _set_owner(uow, conversation, State.AGENT, agent_id=target.id, at=at)
            words = f"{target.name} took over from {user.name}."
            changed = replace(handoff, agent_id=target.id) if handoff else None
        else:
            theirs = await _set_owner(uow, conversation, State.WAITING, queue=queue, at=at)
            words = f"{user.name} passed the conversation on to a colleague."
            changed = (
                replace(handoff, state=HandoffState.REQUESTED, agent_id=None, accepted_at=None)
                if handoff
                else None
            )
        if changed is not None:
            await uow.handoffs.update(changed)
        if cleaned:
            _, theirs = await add_message(
                uow, theirs, author="agent", agent=user, text=cleaned, private=True, at=at
            )
        message = await _announce(uow, theirs, words, {"event": "transferred"}, at=at)
    await _publish(services, conversation_id, message)


async def give_back(
    services: Services,
    conversation_id: str,
    user: User,
    *,
    resume: Resume,
    slots: Mapping[str, Any],
) -> None:
    """Return the conversation to the bot, which goes on in a turn of its own.

    `resume` says what becomes of an open form: continue it, drop it, or take it as done.
    """
    unknown = sorted(set(slots) - services.assistant.slot_names)
    if unknown:
        known = ", ".join(sorted(services.assistant.slot_names))
        raise InvalidInput(
            f"slots.{unknown[0]}", f"There is no slot '{unknown[0]}'. Known slots: {known}."
        )
    async with services.database.write() as uow:
        conversation = await _get(uow, conversation_id)
        _require_owner(conversation, user)
        at = now()
        bots = await _set_owner(uow, conversation, State.BOT, at=at)
        await _close_handoff(uow, conversation_id, HandoffState.RETURNED, at)
        turn_id = new_id()
        message = await _announce(
            uow,
            bots,
            f"{user.name} left. You are chatting with the assistant again.",
            {"event": "returned", "resume": resume, "slots": dict(slots)},
            turn_id=turn_id,
            at=at,
        )
        await uow.turns.add(replace(new_turn(turn_id, message), text=""))
    await _publish(services, conversation_id, message)
    await services.queue.ring(conversation_id)


async def resolve(services: Services, conversation_id: str, user: User) -> None:
    """Close the conversation; the customer's next message opens it again, with the bot."""
    async with services.database.write() as uow:
        conversation = await _get(uow, conversation_id)
        _require_owner(conversation, user)
        at = now()
        done = await _set_owner(uow, conversation, State.RESOLVED, at=at)
        await _close_handoff(uow, conversation_id, HandoffState.RESOLVED, at)
        words = f"{user.name} closed the conversation. Write again any time."
        message = await _announce(uow, done, words, {"event": "resolved"}, at=at)
    await _publish(services, conversation_id, message)


async def _get(uow: UnitOfWork, conversation_id: str) -> Conversation:
    conversation = await uow.conversations.get(conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


def _require_owner(conversation: Conversation, user: User) -> None:
    if conversation.state is not State.AGENT or conversation.agent_id != user.id:
        raise Conflict(
            "This conversation is not yours: claim it first.",
            code="not_owner",
            detail={"state": conversation.state.value},
        )


async def _set_owner(
    uow: UnitOfWork,
    conversation: Conversation,
    state: State,
    *,
    at: datetime,
    agent_id: str | None = None,
    queue: str | None = None,
) -> Conversation:
    changed = change_owner(conversation, state, agent_id=agent_id, queue=queue)
    if not await uow.conversations.set_owner(
        changed, expected_epoch=conversation.owner_epoch, at=at
    ):
        raise Conflict("Somebody else just changed this conversation.", code="already_claimed")
    return changed


async def _close_handoff(
    uow: UnitOfWork, conversation_id: str, state: HandoffState, at: datetime
) -> None:
    handoff = await uow.handoffs.open_of(conversation_id)
    if handoff is not None:
        await uow.handoffs.update(replace(handoff, state=state, closed_at=at))


async def _announce(
    uow: UnitOfWork,
    conversation: Conversation,
    text: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    turn_id: str | None = None,
) -> Message:
    message, _ = await add_message(
        uow, conversation, author="system", text=text, data=data, turn_id=turn_id, at=at
    )
    return message


async def _publish(
    services: Services, conversation_id: str, message: Message, *, owner_changed: bool = True
) -> None:
    services.outbox_bell.set()
    await services.bus.publish(Event("message", conversation_id, {"message_id": message.id}))
    if owner_changed:
        await services.bus.publish(Event("conversation", conversation_id))
