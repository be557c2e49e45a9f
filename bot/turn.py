"""Taking turns: one customer message, one reply, one transaction.

Read; compute with no transaction open; then one short write that checks the owner's epoch and the
lease again. A turn whose conversation changed owner meanwhile is taken anew under the new owner.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from bot import metrics
from bot.assistant.reply import (
    AgentSaid,
    AssistantReply,
    CustomerMessage,
    HandoffRequest,
    Happening,
    Memory,
    ReplyMessage,
    Returned,
)
from bot.clock import new_id, now
from bot.conversation import Conversation, State, change_owner
from bot.errors import LeaseLost, StaleOwner
from bot.events import Event
from bot.handoff_request import request_handoff
from bot.lease import kept, lease_end
from bot.records import Message, Outcome, Turn
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.transcript import add_message

log = logging.getLogger(__name__)

LONGEST_TURN_SECONDS = 30.0
APOLOGY = "Something went wrong on my side, so I am getting a person for you."


@dataclass(frozen=True, slots=True)
class Case:
    """All that a turn reads before it computes."""

    turn: Turn
    conversation: Conversation
    message: Message
    memory: Memory
    customer: dict[str, Any]


async def take_turns(services: Services, conversation_id: str) -> None:
    """Take the conversation's pending turns, oldest first, unless somebody else is at it."""
    token = new_id()
    try:
        while await _take_next(services, conversation_id, token):
            pass
    except BaseException:
        async with services.database.write() as uow:
            await uow.conversations.release_lease(conversation_id, token)
        raise


async def _take_next(services: Services, conversation_id: str, token: str) -> bool:
    """Take one turn; whether there may be another to take under the same lease."""
    async with services.database.write() as uow:
        if not await uow.conversations.take_lease(
            conversation_id, token, at=now(), until=lease_end()
        ):
            return False  # whoever has it looks for further turns before giving it up
        case = await _read(uow, conversation_id)
        if case is None:
            await uow.conversations.release_lease(conversation_id, token)
            return False
    started = time.perf_counter()
    with services.with_one_model() as services:
        async with kept(partial(_renew_lease, services, conversation_id, token)):
            reply = await _compute(services, case)
    try:
        async with services.database.write() as uow:
            events = await _commit(uow, services, case, reply, token, started)
            released = await _release_if_idle(uow, conversation_id, token)
    except LeaseLost:
        log.warning("lease_lost conversation_id=%s", conversation_id)
        return False
    except StaleOwner:
        log.info("turn_retaken conversation_id=%s", conversation_id)
        return True
    services.outbox_bell.set()
    for event in events:
        await services.bus.publish(event)
    metrics.turn_seconds.observe(time.perf_counter() - started)
    if reply.handoff is not None:
        metrics.handoffs.labels(reason=reply.handoff.reason).inc()
    return not released


async def _renew_lease(
    services: Services, conversation_id: str, token: str, until: datetime
) -> None:
    async with services.database.write() as uow:
        await uow.conversations.renew_lease(conversation_id, token, until=until)


async def _release_if_idle(uow: UnitOfWork, conversation_id: str, token: str) -> bool:
    # In one transaction with the look, or a message that came in between would wait for nobody.
    if await uow.turns.oldest_pending(conversation_id) is not None:
        return False
    await uow.conversations.release_lease(conversation_id, token)
    return True


async def _read(uow: UnitOfWork, conversation_id: str) -> Case | None:
    turn = await uow.turns.oldest_pending(conversation_id)
    if turn is None:
        return None
    conversation = await uow.conversations.get(conversation_id)
    message = await uow.messages.get(turn.message_id)
    if conversation is None or message is None:
        raise LookupError("a turn without its conversation or message")
    events, seq = await uow.trackers.get(conversation_id)
    between = await uow.messages.transcript(conversation_id, after=seq)
    customer = await uow.customers.get(conversation.customer_id)
    identity = await uow.customers.identity(message.channel, conversation.address)
    return Case(
        turn=turn,
        conversation=conversation,
        message=message,
        memory=Memory(events, _happenings(between, up_to=message.seq)),
        customer={
            "reference": customer.reference if customer else None,
            "verification": identity.verification if identity else "anyone",
        },
    )


def _happenings(messages: list[Message], *, up_to: int) -> tuple[Happening, ...]:
    found: list[Happening] = []
    for message in messages:
        if message.seq > up_to or message.private:
            continue
        if message.author == "agent":
            found.append(AgentSaid(message.text, message.author_name or "agent"))
        elif message.data.get("event") == "returned":
            found.append(Returned(message.data["resume"], message.data["slots"]))
        elif message.data.get("event") == "resolved":
            found.append(Returned("drop", {}))
    return tuple(found)


async def _compute(services: Services, case: Case) -> AssistantReply:
    """The assistant's reply; whatever goes wrong in it becomes a hand-off, never a silence."""
    conversation = case.conversation
    message = CustomerMessage(
        id=case.message.id,
        text=case.message.text,
        payload=case.message.payload,
        channel=case.message.channel,
        customer=case.customer,
    )
    if conversation.state is not State.BOT:
        work = services.assistant.observe(conversation.id, message, case.memory)
    elif case.message.author == "system":
        work = services.assistant.resume(conversation.id, case.message.channel, case.memory)
    else:
        typing = Event("typing", conversation.id, {"author": "bot", "name": None})
        await services.bus.publish(typing)
        work = services.assistant.reply(conversation.id, message, case.memory)
    try:
        return await asyncio.wait_for(work, LONGEST_TURN_SECONDS)
    except Exception as error:
        kind = type(error).__name__
        log.error("turn_failed conversation_id=%s error=%s", conversation.id, kind)
        return AssistantReply(
            messages=(ReplyMessage(APOLOGY),),
            events=case.memory.events,
            understanding=None,
            handoff=HandoffRequest("action_failed", f"The assistant itself failed ({kind})."),
            actions=(),
        )


async def _commit(
    uow: UnitOfWork,
    services: Services,
    case: Case,
    reply: AssistantReply,
    token: str,
    started: float,
) -> list[Event]:
    # Locked: from here on nobody takes the lease, the conversation or the next message's place.
    conversation = await uow.conversations.lock(case.conversation.id)
    if not await uow.conversations.holds_lease(case.conversation.id, token):
        raise LeaseLost("the lease ran out during the turn, and somebody else took it")
    if conversation is None or conversation.owner_epoch != case.conversation.owner_epoch:
        raise StaleOwner("the conversation changed owner during the turn")
    at = now()
    events: list[Event] = []
    answers = conversation.state is State.BOT
    for said in reply.messages if answers else ():
        message, conversation = await add_message(
            uow,
            conversation,
            author="bot",
            text=said.text,
            buttons=said.buttons,
            turn_id=case.turn.id,
            in_reply_to=case.message.id if case.message.author == "customer" else None,
            at=at,
        )
        events.append(Event("message", conversation.id, {"message_id": message.id}))
    await uow.trackers.put(
        conversation.id, conversation.customer_id, reply.events, seq=case.message.seq, at=at
    )
    finished = _finished(case, reply, services.assistant.model, started, answers=answers)
    await uow.turns.finish(replace(finished, finished_at=at))
    if answers and reply.handoff is not None:
        waiting = change_owner(conversation, State.WAITING, queue=services.rules.default_queue)
        await uow.conversations.set_owner(waiting, expected_epoch=conversation.owner_epoch, at=at)
        await request_handoff(uow, waiting, finished, reply, at=at)
        events.append(Event("conversation", conversation.id))
    events.append(Event("turn", conversation.id, {"turn_id": case.turn.id}))
    return events


def _finished(
    case: Case, reply: AssistantReply, model: str, started: float, *, answers: bool
) -> Turn:
    read = reply.understanding
    return replace(
        case.turn,
        state="done",
        attempts=case.turn.attempts + 1,
        intent=read.intent if read else None,
        confidence=read.confidence if read else None,
        ranking=read.ranking if read else [],
        entities=read.entities if read else [],
        outcome=_outcome(case, reply, answers=answers),
        reason=reply.handoff.reason if reply.handoff and answers else None,
        actions=[asdict(run) for run in reply.actions],
        model=model,
        duration_ms=round((time.perf_counter() - started) * 1000, 2),
    )


def _outcome(case: Case, reply: AssistantReply, *, answers: bool) -> Outcome:
    if not answers:
        return "observed" if reply.understanding else "failed"
    if reply.handoff is not None:
        return "handed_off"
    if case.message.author == "system":
        return "resumed"
    return "misunderstood" if reply.misunderstood else "answered"
