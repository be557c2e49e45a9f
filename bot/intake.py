"""Taking in a customer's message: it becomes a row, once, before anybody is told of it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from bot.clock import new_id, now
from bot.conversation import Conversation, State, change_owner
from bot.errors import WarmlineError
from bot.events import Event
from bot.messages import InboundMessage
from bot.records import Customer, Identity, Message, Turn
from bot.rules import Rules
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.text import clean
from bot.transcript import add_message

# What a customer may press at any time, on any channel, and what it reads in the transcript.
STANDING_OFFERS = {"/contact_human_agent": "Talk to a person"}
UNIQUE_KEYS = 3


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an inbound message; `duplicate` when a retry brought it again."""

    message: Message
    turn_id: str
    duplicate: bool


async def receive(
    services: Services, inbound: InboundMessage, *, text_field: str = "text"
) -> Received:
    """Store the message under its unique (channel, external id) and queue its turn.

    A retry, also one at the same moment, finds the first one's row. Raises InvalidInput, naming
    `text_field`, for a text that cannot be read; then nothing is stored.
    """
    text = clean(inbound.text, field=text_field)
    received = await _store_once(services, inbound, text)
    await services.queue.ring(received.message.conversation_id)
    if not received.duplicate:
        message = received.message
        # The address lets a page that was open before the conversation began know its own.
        data = {"message_id": message.id, "address": inbound.address}
        await services.bus.publish(Event("message", message.conversation_id, data))
    return received


async def _store_once(services: Services, inbound: InboundMessage, text: str) -> Received:
    """Store the message, again when somebody else stored the same thing at the same moment.

    What can be the same is the message, the customer and the identity, each under a unique key, and
    whoever loses over one of them finds it at the next try. Most messages come once, so the first
    try does not look for another.
    """
    for number in range(UNIQUE_KEYS):
        with contextlib.suppress(IntegrityError):
            async with services.database.write() as uow:
                repeated = await _repeated(uow, inbound) if number else None
                return repeated or await _store(uow, services.rules, inbound, text)
    async with services.database.write() as uow:
        return await _repeated(uow, inbound) or await _store(uow, services.rules, inbound, text)


async def _store(uow: UnitOfWork, rules: Rules, inbound: InboundMessage, text: str) -> Received:
    at = now()
    conversation = await _conversation(uow, inbound, rules.default_queue, at)
    payload = inbound.payload
    if payload is not None:
        # A payload is a command: it counts only when this conversation's bot offered it.
        title = STANDING_OFFERS.get(payload) or await uow.messages.offered(conversation.id, payload)
        payload, text = (payload, title) if title else (None, text)
    turn_id = new_id()
    message, conversation = await add_message(
        uow,
        conversation,
        author="customer",
        text=text,
        payload=payload,
        channel=inbound.channel,
        external_id=inbound.external_id,
        turn_id=turn_id,
        at=at,
    )
    await uow.turns.add(new_turn(turn_id, message))
    return Received(message, turn_id, duplicate=False)


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
    if message is None:
        return None
    if message.turn_id is None:
        raise WarmlineError("a customer's message has no turn")
    return Received(message, message.turn_id, duplicate=True)


async def _customer(uow: UnitOfWork, inbound: InboundMessage, at: datetime) -> str:
    identity = await uow.customers.identity(inbound.channel, inbound.address)
    if identity is not None:
        return identity.customer_id
    claim = inbound.claim
    customer = await uow.customers.by_reference(claim.reference) if claim.reference else None
    if customer is None:
        customer = Customer(new_id(), claim.reference, claim.name, claim.email, at)
        await uow.customers.add(customer)
    await uow.customers.add_identity(
        Identity(
            id=new_id(),
            customer_id=customer.id,
            channel=inbound.channel,
            address=inbound.address,
            verification=claim.verification,
            how=claim.how,
            created_at=at,
        )
    )
    return customer.id


async def _conversation(
    uow: UnitOfWork, inbound: InboundMessage, default_queue: str, at: datetime
) -> Conversation:
    # A customer and their first conversation are one commit: nobody sees the one without the other.
    conversation = await uow.conversations.lock_of_address(inbound.channel, inbound.address)
    if conversation is None:
        customer_id = await _customer(uow, inbound, at)
        conversation = await uow.conversations.lock_of_customer(customer_id)
    if conversation is None:
        conversation = Conversation(
            id=new_id(),
            customer_id=customer_id,
            channel=inbound.channel,
            address=inbound.address,
            state=State.BOT,
            owner_epoch=1,
            agent_id=None,
            queue=default_queue,
            last_seq=0,
            seen_seq=0,
            created_at=at,
            updated_at=at,
        )
        await uow.conversations.add(conversation)
        return conversation
    if conversation.state is State.RESOLVED:
        reopened = change_owner(conversation, State.BOT)
        await uow.conversations.set_owner(reopened, expected_epoch=conversation.owner_epoch, at=at)
        return reopened
    return conversation
