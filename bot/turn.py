"""Taking turns: one customer message, one reply, one transaction.

Read; compute with no transaction open; then one short write that checks the owner's epoch and the
lease again. A turn whose conversation changed owner meanwhile is taken anew under the new owner;
one that fails is tried again, and then a person takes over.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial

from bot import metrics
from bot.assistant.reply import AssistantReply, HandoffRequest, ReplyMessage
from bot.auditing import audit
from bot.case import Case, open_case
from bot.clock import new_id, now
from bot.contact import note_contact
from bot.conversation import State
from bot.errors import LeaseLost, StaleOwner
from bot.events import Event, line_to_send
from bot.handoff_request import request_handoff
from bot.lease import kept, lease_end
from bot.ledger import Ledger
from bot.live_model import Assistant
from bot.operations.log_context import about
from bot.privacy.notice import with_notice
from bot.records import Outcome, Turn
from bot.retry import MOST_ATTEMPTS, died_again, next_attempt
from bot.rules import Rules
from bot.sender_limit import sender_key
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.store.unusable import is_outage
from bot.transcript import add_replies

log = logging.getLogger(__name__)

LONGEST_TIER = 40
LONGEST_TURN_SECONDS = 30.0
APOLOGY = "Something went wrong on my side, so I am getting a person for you."
ACTION_FAILED = "action_failed"


class _Nothing(Exception):
    """There is no turn to take, or somebody is at it: nothing is to be written."""


class _Suspect(Exception):
    """The turn may end this process, so it is to be taken without others of its kind."""


async def take_turns(services: Services, conversation_id: str) -> None:
    """Take the conversation's due turns, oldest first, unless somebody else is at it."""
    token = new_id()
    try:
        more = True
        while more:
            async with services.slots.taken():
                with about(conversation_id=conversation_id):
                    more = await _take_next(services, conversation_id, token)
    except BaseException:
        async with services.database.write_alone() as uow:
            await uow.leases.release(conversation_id, token)
        raise


async def _take_next(services: Services, conversation_id: str, token: str) -> bool:
    """Take one turn; whether there may be another to take."""
    try:
        return await _take(services, conversation_id, token, alone=False)
    except _Suspect:
        if services.suspect.locked():
            return False  # found again soon
    # Began together, a message that ends its process would use up the tries of all the others.
    async with services.suspect:
        return await _take(services, conversation_id, token, alone=True)


async def _take(services: Services, conversation_id: str, token: str, *, alone: bool) -> bool:
    try:
        async with services.database.write() as uow:
            case = await open_case(uow, conversation_id, token, at=now(), until=lease_end())
            if case is None:
                raise _Nothing
            if not alone and died_again(case.turn):
                raise _Suspect
    except _Nothing:
        return False  # whoever has it looks for further turns before giving it up
    with about(turn_id=case.turn.id):
        return await _take_it(services, case, token)


async def _take_it(services: Services, case: Case, token: str) -> bool:
    conversation_id = case.conversation.id
    started = time.perf_counter()
    with services.live.in_use() as assistant:
        ledger = Ledger(
            services.database,
            services.limits,
            case,
            token,
            model=assistant.model,
            sender=sender_key(case.message.channel, case.message.address or ""),
            abuse=services.abuse,
        )
        async with kept(partial(_renew, services, conversation_id, token)):
            reply, crash = await _compute(services, assistant, case, ledger)
    try:
        if ledger.lost is not None:
            raise ledger.lost
        if _may_succeed_later(case, reply):
            await _postpone(services, case, token, crash or ACTION_FAILED)
            return False
        async with services.database.write() as uow:
            ended = _ended(services.rules, case, reply, crash, assistant.model, started)
            events, more = await _commit(uow, services, case, reply, ended, token)
    except LeaseLost:
        log.warning("lease_lost conversation_id=%s", conversation_id)
        return False
    except StaleOwner:
        log.info("turn_retaken conversation_id=%s", conversation_id)
        async with services.database.write() as uow:
            await uow.turns.uncount(case.turn.id)  # it did not fail
        return True
    except Exception as error:
        if is_outage(error):
            # Tried until the database is back: it was not the turn that failed.
            async with services.database.write_alone() as uow:
                await uow.turns.uncount(case.turn.id)
        raise
    for event in events:
        await services.bus.publish(event)
    metrics.turn_seconds.observe(time.perf_counter() - started)
    metrics.turns.labels(outcome=ended.outcome).inc()
    if ended.reason is not None:
        metrics.handoffs.labels(reason=ended.reason).inc()
    return more


async def _renew(services: Services, conversation_id: str, token: str, until: datetime) -> None:
    async with services.database.write() as uow:
        await uow.leases.renew(conversation_id, token, until=until)


async def _compute(
    services: Services, assistant: Assistant, case: Case, ledger: Ledger
) -> tuple[AssistantReply, str | None]:
    """The assistant's reply, and the kind of error if it has none: then the reply is an apology,
    never a silence."""
    if case.turn.attempts > MOST_ATTEMPTS:
        return _apology(case, "each try ended with its process"), "ProcessDied"
    conversation, message = case.conversation, case.asked(assistant.model)
    if conversation.state is not State.BOT:
        work = assistant.observe(conversation.id, message, case.memory)
    elif case.message.author == "system":
        work = assistant.resume(conversation.id, message, case.memory, ledger)
    else:
        typing = Event("typing", conversation.id, {"author": "bot", "name": None})
        await services.bus.publish(typing)
        asked = case.message
        services.composing.show(asked.channel, asked.address, asked.external_id)
        work = assistant.reply(conversation.id, message, case.memory, ledger)
    try:
        return await asyncio.wait_for(work, LONGEST_TURN_SECONDS), None
    except Exception as error:
        kind = type(error).__name__
        log.error("turn_failed conversation_id=%s error=%s", conversation.id, kind)
        return _apology(case, kind), kind


def _apology(case: Case, why: str) -> AssistantReply:
    return AssistantReply(
        messages=(ReplyMessage(APOLOGY),),
        events=case.memory.events,
        understanding=None,
        handoff=HandoffRequest(ACTION_FAILED, f"The assistant itself failed ({why})."),
        actions=(),
    )


def _may_succeed_later(case: Case, reply: AssistantReply) -> bool:
    failed = reply.handoff is not None and reply.handoff.reason == ACTION_FAILED
    # Where a person answers, nobody waits for the bot's reading of the message.
    return failed and case.conversation.state is State.BOT and case.turn.attempts < MOST_ATTEMPTS


async def _postpone(services: Services, case: Case, token: str, error: str) -> None:
    """Try again later; what comes after in this conversation waits as well."""
    conversation = case.conversation
    async with services.database.write() as uow:
        await uow.leases.end_turn(conversation, token, lines=0, at=conversation.updated_at)
        until = next_attempt(case.turn.attempts)
        await uow.turns.postpone(case.turn.id, until=until, error=error)
    metrics.retries.inc()
    log.warning("turn_postponed conversation_id=%s error=%s", conversation.id, error)


async def _commit(
    uow: UnitOfWork,
    services: Services,
    case: Case,
    reply: AssistantReply,
    ended: Turn,
    token: str,
) -> tuple[list[Event], bool]:
    """Everything that came of the turn; what to tell the others, and whether there is more."""
    at = now()
    answers = case.conversation.state is State.BOT
    said = reply.messages if answers else ()
    tier = case.tier if reply.tier is None else reply.tier[:LONGEST_TIER] or None
    if tier != case.tier:
        # Customers are locked before their conversations: whoever joins two does so too.
        await uow.customers.set_tier(case.conversation.customer_id, tier)
        await audit(
            uow,
            "customer.tier_changed",
            case.conversation.id,  # which outlives the customer and does not say who it was
            by=None,
            actor="bot",
            conversation_id=case.conversation.id,
            at=at,
            details={"turn": case.turn.id},
        )
    if answers:
        said = tuple(await with_notice(uow, services.privacy, case.message, said, at=at))
    # Locked from here on: nobody takes the lease, the conversation or the next message's place.
    conversation = await uow.leases.end_turn(case.conversation, token, lines=len(said), at=at)
    messages = await add_replies(uow, conversation, case.message, case.turn.id, said, at=at)
    await uow.trackers.put(
        conversation.id,
        conversation.customer_id,
        reply.events,
        seq=_known(case, conversation.last_seq, said=len(said), crashed=bool(ended.error)),
        at=at,
    )
    await uow.turns.finish(replace(ended, finished_at=at))
    events = [line_to_send(conversation.id, one.id, one.channel) for one in messages]
    if answers and reply.handoff is not None:
        told = await request_handoff(uow, conversation, ended, reply, services.rules, at=at)
        if told is not None:
            events.append(line_to_send(conversation.id, told.id, told.channel))
        events.append(Event("conversation", conversation.id))
    elif conversation.state is State.WAITING:
        told = await note_contact(uow, services.rules, conversation, case.message, at=at)
        if told is not None:
            events.append(line_to_send(conversation.id, told.id, told.channel))
    events.append(Event("turn", conversation.id, {"turn_id": case.turn.id}))
    most = services.abuse.folded_from
    return events, await uow.turns.fold(conversation.id, most=most, at=at)


def _known(case: Case, last_seq: int, *, said: int, crashed: bool) -> int:
    """The last message that the assistant knows of: its own words too, where they follow what they
    answer. What came in between is the next turn's to learn; a crash has learnt nothing."""
    if crashed:
        return case.known_seq
    answered = case.message.seq
    return max(last_seq if last_seq == answered + said else answered, case.known_seq)


def _ended(
    rules: Rules,
    case: Case,
    reply: AssistantReply,
    crash: str | None,
    model: str,
    started: float,
) -> Turn:
    answers = case.conversation.state is State.BOT
    read = reply.understanding
    return replace(
        case.turn,
        # What crashed the assistant itself is a dead letter: a person sees it, and may resend it.
        state="dead" if crash and answers else "done",
        error=crash,
        parsed=None,
        intent=read.intent if read else None,
        confidence=read.confidence if read else None,
        ranking=read.ranking if read else [],
        entities=read.entities if read else [],
        outcome=_outcome(case, reply, answers=answers),
        reason=reply.handoff.reason if reply.handoff and answers else None,
        actions=[asdict(run) for run in reply.actions],
        model=model,
        duration_ms=round((time.perf_counter() - started) * 1000, 2),
        decision={
            **reply.decision,
            "mood_limit": rules.triggers.frustration,
            "verification": case.customer["verification"],
            "signals": [each["kind"] for each in case.customer["signals"]],
        },
    )


def _outcome(case: Case, reply: AssistantReply, *, answers: bool) -> Outcome:
    if not answers:
        return "observed" if reply.understanding else "failed"
    if reply.handoff is not None:
        return "handed_off"
    if case.message.author == "system":
        return "resumed"
    return "misunderstood" if reply.misunderstood else "answered"
