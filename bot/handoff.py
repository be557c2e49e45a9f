"""Between bot and people: claiming, passing on, giving back, resolving.

Every change of owner raises `owner_epoch` by compare-and-set, so that a race has one winner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.agents_words import hear_agents
from bot.assistant.reply import Resume
from bot.auditing import audit
from bot.clock import new_id, now
from bot.conversation import Conversation, State
from bot.errors import Conflict, InvalidInput
from bot.handoff_request import take_over
from bot.intake import new_turn
from bot.ownership import lock_conversation, publish, require_owner, set_owner
from bot.priority import ranked_at
from bot.records import (
    Handoff,
    HandoffState,
    Message,
    Offer,
    Priority,
    User,
    WrapUp,
    WrapUpOutcome,
)
from bot.rules import Rules
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.survey import ask_survey
from bot.text import clean
from bot.transcript import add_message


async def claim(services: Services, conversation_id: str, user: User) -> None:
    """Make the conversation this agent's, whether it waits for a person or the bot has it; raise
    Conflict, saying whose it is, if another agent has it."""
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        slot_names = services.assistant.slot_names
        message = await give_to(uow, conversation, user, slot_names=slot_names, at=now())
    await publish(services, conversation_id, message)


async def give_to(
    uow: UnitOfWork,
    conversation: Conversation,
    user: User,
    *,
    slot_names: frozenset[str],
    at: datetime,
) -> Message:
    """The same within a transaction that has locked the conversation."""
    if conversation.state is State.AGENT:
        holder = await uow.staff.get(conversation.agent_id or "")
        name = holder.name if holder else "somebody else"
        raise Conflict(
            f"Already claimed by {name}.",
            code="already_claimed",
            detail={"agent": {"id": conversation.agent_id, "name": name}},
        )
    mine = await set_owner(uow, conversation, State.AGENT, agent_id=user.id, at=at)
    handoff = await uow.handoffs.open_of(conversation.id)
    if handoff is None:
        await take_over(uow, mine, user, slot_names=slot_names, at=at)
    else:
        await uow.handoffs.update(
            replace(handoff, state=HandoffState.ACCEPTED, agent_id=user.id, accepted_at=at)
        )
    await audit(
        uow,
        "conversation.claimed",
        conversation.id,
        by=user.id,
        conversation_id=conversation.id,
        at=at,
        details={"from": conversation.state.value},
    )
    joined = f"{user.name} joined the conversation."
    return await _announce(uow, mine, joined, {"event": "claimed"}, at=at)


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
        conversation = await lock_conversation(uow, conversation_id)
        require_owner(conversation, user)
        at = now()
        handoff = await uow.handoffs.open_of(conversation_id)
        if agent_id is not None:
            target = await uow.staff.get(agent_id)
            is_agent = target is not None and target.role != "program"
            if target is None or not is_agent or await uow.agents.is_revoked(agent_id):
                raise InvalidInput("agent_id", f"There is no agent '{agent_id}'.")
            theirs = await set_owner(uow, conversation, State.AGENT, agent_id=target.id, at=at)
            words = f"{target.name} took over from {user.name}."
            changed = replace(handoff, agent_id=target.id) if handoff else None
        else:
            theirs = await set_owner(uow, conversation, State.WAITING, queue=queue, at=at)
            words = f"{user.name} passed the conversation on to a colleague."
            changed = requeued(services.rules, handoff, theirs.queue, at=at) if handoff else None
        if changed is not None:
            await uow.handoffs.update(changed)
            if queue is not None:
                await uow.offers.add(_passed_on(changed, user, at=at))
        if cleaned:
            _, theirs = await add_message(
                uow, theirs, author="agent", agent=user, text=cleaned, private=True, at=at
            )
        await audit(
            uow,
            "conversation.transferred",
            conversation_id,
            by=user.id,
            conversation_id=conversation_id,
            at=at,
            details={"agent": agent_id} if agent_id else {"queue": queue},
        )
        message = await _announce(uow, theirs, words, {"event": "transferred"}, at=at)
    await publish(services, conversation_id, message)


def _passed_on(handoff: Handoff, user: User, *, at: datetime) -> Offer:
    """Counts as an offer that was declined: they are not asked at once whether they want the
    customer whom they just let go."""
    return Offer(
        id=new_id(),
        handoff_id=handoff.id,
        conversation_id=handoff.conversation_id,
        customer_id=handoff.customer_id,
        agent_id=user.id,
        state="passed_on",
        offered_at=at,
        until=at,
        ended_at=at,
    )


def requeued(rules: Rules, handoff: Handoff, queue: str, *, at: datetime) -> Handoff:
    """The hand-off waiting (again) in a queue: what is promised begins anew, their place does
    not."""
    due_at, warn_at = rules.queue(queue).due(at)
    return replace(
        handoff,
        state=HandoffState.REQUESTED,
        agent_id=None,
        accepted_at=None,
        queue=queue,
        queued_at=at,
        warn_at=warn_at,
        due_at=due_at,
        replied_at=None,
    )


async def prioritise(
    services: Services, conversation_id: str, user: User, priority: Priority
) -> None:
    """Move a customer who waits forward in their queue, or back to where they would be."""
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        handoff = await uow.handoffs.open_of(conversation_id)
        if handoff is None or conversation.state is not State.WAITING:
            raise Conflict(
                "This conversation does not wait.",
                code="wrong_state",
                detail={"state": conversation.state.value},
            )
        ranked = ranked_at(handoff.requested_at, priority)
        await uow.handoffs.update(replace(handoff, priority=priority, ranked_at=ranked))
        await audit(
            uow,
            "conversation.prioritised",
            conversation_id,
            by=user.id,
            conversation_id=conversation_id,
            details={"from": handoff.priority, "to": priority},
        )
        message, _ = await add_message(
            uow,
            conversation,
            author="system",
            text=f"{user.name} set the priority to {priority}.",
            private=True,
            data={"event": "prioritised", "priority": priority},
            at=now(),
        )
    await publish(services, conversation_id, message)


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
    checked = {name: _fact(name, value) for name, value in slots.items()}
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        require_owner(conversation, user)
        at = now()
        bots = await set_owner(uow, conversation, State.BOT, at=at)
        await _close_handoff(uow, conversation_id, HandoffState.RETURNED, at)
        turn_id = new_id()
        message = await _announce(
            uow,
            bots,
            f"{user.name} left. You are chatting with the assistant again.",
            {"event": "returned", "resume": resume, "slots": checked},
            turn_id=turn_id,
            at=at,
        )
        await uow.turns.add(replace(new_turn(turn_id, message), text=""))
        await audit(
            uow,
            "conversation.returned",
            conversation_id,
            by=user.id,
            conversation_id=conversation_id,
            at=at,
            details={"resume": resume, "slots": sorted(checked)},
        )
    await publish(services, conversation_id, message)
    await services.queue.ring(conversation_id)


def _fact(name: str, value: object) -> str | float | None:
    """A slot's value as it is stored: a text like any other, a number, or nothing."""
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    return clean(value, field=f"slots.{name}")


async def resolve(
    services: Services,
    conversation_id: str,
    user: User,
    *,
    outcome: WrapUpOutcome | None = None,
    intent: str | None = None,
) -> None:
    """Close the conversation; the customer's next message opens it again, with the bot.

    `outcome` and `intent` are what its agent says came of it and it was really about.
    """
    if intent is not None and outcome is None:
        raise InvalidInput("outcome", "'intent' needs an 'outcome': solved, not_solved or spam.")
    if intent is not None and intent not in services.assistant.intents:
        known = ", ".join(sorted(services.assistant.intents))
        raise InvalidInput("intent", f"There is no intent '{intent}'. Known intents: {known}.")
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        require_owner(conversation, user)
        at = now()
        done = await set_owner(uow, conversation, State.RESOLVED, at=at)
        handoff = await _close_handoff(uow, conversation_id, HandoffState.RESOLVED, at)
        if outcome is not None:
            await uow.wrap_ups.add(
                WrapUp(new_id(), done.id, done.customer_id, user.id, outcome, intent, at)
            )
            await hear_agents(uow, services.rules, done.id)
        await audit(
            uow,
            "conversation.resolved",
            conversation_id,
            by=user.id,
            conversation_id=conversation_id,
            at=at,
            details={"outcome": outcome, "intent": intent},
        )
        words = f"{user.name} closed the conversation. Write again any time."
        message = await _announce(uow, done, words, {"event": "resolved"}, at=at)
        question = None
        if handoff is not None and outcome != "spam":
            question = await ask_survey(uow, services, done, handoff, user, at=at)
    await publish(services, conversation_id, message)
    if question is not None:
        await publish(services, conversation_id, question, owner_changed=False)


async def _close_handoff(
    uow: UnitOfWork, conversation_id: str, state: HandoffState, at: datetime
) -> Handoff | None:
    handoff = await uow.handoffs.open_of(conversation_id)
    if handoff is not None:
        await uow.handoffs.update(replace(handoff, state=state, closed_at=at))
    return handoff


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
