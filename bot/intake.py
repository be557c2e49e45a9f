"""Taking in what a customer said or did: it becomes a row, once, before anybody is told of it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from bot.abuse.block import Block
from bot.abuse.hearing import ALWAYS_HEARD, hear, not_heard
from bot.carry_over import ShownCode, go_on, shown_code
from bot.clock import new_id, now
from bot.conversation import Conversation
from bot.events import Event, line_to_send
from bot.joining import tell
from bot.messages import InboundMessage
from bot.one_time_code import HIDDEN
from bot.opt_out import obey
from bot.readable import in_words, quoting
from bot.records import Message, Turn
from bot.sender_limit import admit_newcomer, passed_limit, slow_down
from bot.services import Services
from bot.snoozing import Why, wake
from bot.store.database import UnitOfWork
from bot.survey import take_answer
from bot.taken import counted
from bot.taken_back import take_back
from bot.text import label
from bot.thread import thread_of
from bot.transcript import add_message

# What a customer may press at any time, on any channel, and what it reads in the transcript.
STANDING_OFFERS = {"/contact_human_agent": "Talk to a person"}
# What a picture or a file without words means to the assistant.
ATTACHMENT = "/attachment"
UNIQUE_KEYS = 3


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an inbound message; `duplicate` when a retry brought it again, `turn_id` None
    where nothing is to follow. `beside` are lines for our own people: which customers became one by
    it, and that a snooze is over."""

    message: Message
    turn_id: str | None
    duplicate: bool
    to_send: tuple[str, ...] = ()  # messages that may go out now
    beside: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who writes: the customer, None for one who writes for the first time, and what blocks them.
    `digest` is what would be kept of the message if it were erased, and `is_erased` that it was."""

    customer_id: str | None
    block: Block | None
    digest: str
    is_erased: bool


class _ErasedMeanwhile(Exception):
    """Whoever writes was erased, with this very message, since it began to be taken in."""


async def receive(
    services: Services,
    inbound: InboundMessage,
    *,
    text_field: str = "text",
    is_program: bool = False,
) -> Received:
    """Store the message under its unique (channel, external id) and queue its turn.

    A retry, also one at the same moment, finds the first one's row, and counts towards no limit.
    Raises InvalidInput, naming `text_field`, for a text that cannot be read; then nothing is
    stored. Who writes faster than people do gets no turn, unless it is known for a program that
    waits for each. A message that is a one-time code lets its sender go on with another channel's
    conversation. Raises TooMany for a newcomer among too many, and NotAllowed for what a blocked
    sender writes beyond what is kept.
    """
    text = in_words(inbound, field=text_field)
    sender = await _who_writes(services, inbound)
    customer_id, block = sender.customer_id, sender.block
    if sender.is_erased:
        return _erased(inbound)
    code = await shown_code(services, inbound) if block is None else None
    if code is not None:
        text = HIDDEN
    counts = inbound.kind == "message" and not is_program and block is None
    async with counted(services.limits) as taken:
        at_once, too_fast = True, None
        if customer_id is None and block is None:
            at_once = await admit_newcomer(services, taken, inbound.channel, inbound.claim)
        if counts:
            too_fast = await passed_limit(services, taken, inbound, customer_id)
        received = await _store_once(services, inbound, text, code, sender, too_fast=too_fast)
    if received is None:
        raise not_heard()
    if received.duplicate:  # it was counted when it was stored
        await taken.give_back()
    message = received.message
    if received.turn_id is not None and at_once:
        await services.queue.ring(message.conversation_id)
    if not received.duplicate:
        # The address lets a page that was open before the conversation began know its own.
        data = {"message_id": message.id, "address": inbound.address}
        await services.bus.publish(Event("message", message.conversation_id, data))
    await tell(services, received.beside)
    for message_id in received.to_send:
        line = line_to_send(message.conversation_id, message_id, message.channel)
        await services.bus.publish(line)
    if too_fast and not received.duplicate:
        await slow_down(services, message)
    return received


async def _who_writes(services: Services, inbound: InboundMessage) -> _Sender:
    digest = services.erasure_key.message(inbound.channel, inbound.external_id)
    async with services.database.glance() as uow:
        found = await uow.senders.find(inbound.channel, inbound.address, digest, at=now())
        block = None
        if found.block_id is not None and inbound.kind not in ALWAYS_HEARD:
            block = await uow.blocks.get(found.block_id)
    return _Sender(found.customer_id, block, digest, found.is_erased)


async def _store_once(
    services: Services,
    inbound: InboundMessage,
    text: str,
    code: ShownCode | None,
    sender: _Sender,
    *,
    too_fast: Mapping[str, Any] | None,
) -> Received | None:
    """Store the message, again when somebody else stored the same thing at the same moment.

    What can be the same is the message, the customer and the identity, each under a unique key, and
    whoever loses over one of them finds it at the next try. Most messages come once, so the first
    try does not look for another. None for what a blocked sender writes and nobody keeps.
    """

    async def store(uow: UnitOfWork) -> Received | None:
        if sender.block is None:
            return await _store(uow, services, inbound, text, code, sender, too_fast=too_fast)
        kept_a_day = services.abuse.blocked_kept_a_day
        heard = await hear(uow, sender.block, inbound, text, kept_a_day=kept_a_day, at=now())
        if heard is None:
            return None
        told = (heard.told.id,) if heard.told else ()
        return Received(heard.message, None, duplicate=False, to_send=told)

    try:
        for number in range(UNIQUE_KEYS):
            with contextlib.suppress(IntegrityError):
                async with services.database.write() as uow:
                    repeated = await _repeated(uow, inbound) if number else None
                    return repeated or await store(uow)
        async with services.database.write() as uow:
            return await _repeated(uow, inbound) or await store(uow)
    except _ErasedMeanwhile:
        return _erased(inbound)


async def _store(
    uow: UnitOfWork,
    services: Services,
    inbound: InboundMessage,
    text: str,
    code: ShownCode | None,
    sender: _Sender,
    *,
    too_fast: Mapping[str, Any] | None,
) -> Received:
    at = now()
    if code is None and not too_fast:
        answered = await take_answer(uow, services.assistant, inbound, text, at=at)
        if answered is not None:
            return Received(answered.line, None, duplicate=False, to_send=answered.to_send)
    said = inbound.kind == "message"
    answer, beside = await go_on(uow, inbound, code, at=at) if code and not too_fast else (None, [])
    conversation, is_new = await thread_of(uow, inbound, services.rules.default_queue, at=at)
    # Erased since they were looked for, they are somebody else by now: only then is it asked again.
    changed = conversation.customer_id != sender.customer_id
    if changed and await uow.erasures.knows(sender.digest):
        raise _ErasedMeanwhile
    about = await _about(uow, conversation, inbound)
    payload, title = await _pressed(uow, conversation, inbound)
    turn_id = new_id() if said and not too_fast and code is None else None
    if inbound.kind == "deletion" and about is not None and about.author == "customer":
        await take_back(uow, about)
    message, conversation = await add_message(
        uow,
        conversation,
        author="customer",
        text=title or (quoting(text, about.text) if about and inbound.kind == "reaction" else text),
        payload=payload,
        attachments=[replace(one, name=label(one.name)) for one in inbound.attachments],
        channel=inbound.channel,
        address=inbound.address,
        external_id=inbound.external_id,
        turn_id=turn_id,
        data=_data(inbound, about, code, too_fast=too_fast),
        at=at,
    )
    if turn_id is not None:
        await uow.turns.add(new_turn(turn_id, message))
    if said and conversation.snoozed_at is not None:
        line, conversation = await wake(uow, conversation, Why.CUSTOMER, at=at)
        beside.append(line)
    to_send = await obey(uow, conversation, inbound, at=at)
    if said and not is_new:
        to_send += await uow.outbox.reopened(conversation.id, inbound.channel, inbound.address)
    if answer is not None:
        data = {"event": "one_time_code"}
        line, _ = await add_message(
            uow, conversation, author="system", text=answer, data=data, at=at
        )
        to_send += (line.id,)
    return Received(message, turn_id, duplicate=False, to_send=to_send, beside=beside)


async def _pressed(
    uow: UnitOfWork, conversation: Conversation, inbound: InboundMessage
) -> tuple[str | None, str | None]:
    """The payload that this message obeys, and what was pressed for it in words.

    A payload is a command: it counts only when this conversation's bot offered it. A number counts
    where the bot's last words were a choice.
    """
    if inbound.payload is not None:
        title = STANDING_OFFERS.get(inbound.payload)
        title = title or await uow.messages.offered(conversation.id, inbound.payload)
        return (inbound.payload, title) if title else (None, None)
    if inbound.choice is not None:
        button = await uow.messages.numbered(conversation.id, inbound.choice)
        return (button.payload, button.title) if button else (None, None)
    if inbound.kind == "message" and inbound.attachments and not inbound.text.strip():
        return ATTACHMENT, None
    return None, None


async def _about(
    uow: UnitOfWork, conversation: Conversation, inbound: InboundMessage
) -> Message | None:
    """The message that this is about: the customer's own, or one of ours by its provider's id."""
    if inbound.about is None:
        return None
    own = await uow.messages.by_external_id(inbound.channel, inbound.about)
    if own is not None:
        return own if own.address == inbound.address else None
    item = await uow.outbox.by_provider_id(inbound.channel, inbound.about)
    if item is not None:
        return await uow.messages.get(item.message_id) if item.address == inbound.address else None
    return await uow.messages.said_as(conversation.id, inbound.channel, inbound.about)


def _data(
    inbound: InboundMessage,
    about: Message | None,
    code: ShownCode | None,
    *,
    too_fast: Mapping[str, Any] | None,
) -> Mapping[str, Any]:
    if inbound.kind != "message":
        return {"event": inbound.kind, **({"about": about.id} if about else {})}
    if code is not None:
        return {"event": "one_time_code"}
    return {"event": "too_fast", "limit": too_fast} if too_fast else {}


def new_turn(turn_id: str, message: Message) -> Turn:
    """A turn that waits to be taken."""
    return Turn(
        id=turn_id,
        conversation_id=message.conversation_id,
        customer_id=message.customer_id,
        message_id=message.id,
        seq=message.seq,
        state="pending",
        attempts=0,
        next_attempt_at=None,
        error=None,
        channel=message.channel,
        text=message.text,
        parsed=None,
        intent=None,
        confidence=None,
        ranking=[],
        entities=[],
        outcome=None,
        reason=None,
        actions=[],
        model=None,
        duration_ms=None,
        created_at=message.created_at,
        finished_at=None,
    )


async def _repeated(uow: UnitOfWork, inbound: InboundMessage) -> Received | None:
    message = await uow.messages.by_external_id(inbound.channel, inbound.external_id)
    return Received(message, message.turn_id, duplicate=True) if message else None


def _erased(inbound: InboundMessage) -> Received:
    """A late retry of a message that was erased: taken as any other retry, and stored nowhere."""
    line = Message(
        id=new_id(),
        conversation_id="",
        customer_id="",
        seq=0,
        turn_id=None,
        author="customer",
        agent_id=None,
        author_name=None,
        text="",
        payload=None,
        buttons=[],
        channel=inbound.channel,
        external_id=None,
        in_reply_to=None,
        private=False,
        data={},
        created_at=now(),
    )
    return Received(line, None, duplicate=True)
