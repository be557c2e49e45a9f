"""A visitor's own conversation: what the widget shows, over a socket and by long polling alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.conversation import Conversation, State
from bot.events import Event
from bot.intake import Received, receive
from bot.limits import Limits
from bot.messages import InboundMessage, Limit
from bot.privacy.consent import require_consent
from bot.receipts import delivery_changed
from bot.services import Services
from bot.store.database import UnitOfWork
from desk import shapes, views
from desk.visitors import Visitor

CHANNEL = "web"
TYPING = Limit(messages_a_second=1, burst=1)  # of one visitor; a page says it less often


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The conversation and the messages after a sequence number, read together."""

    conversation: shapes.WidgetConversation | None
    messages: list[shapes.Message]

    @property
    def version(self) -> str:
        """Changes whenever what the customer may know of the conversation does, but not with
        new messages: those have their own numbers."""
        shown = self.conversation
        if shown is None:
            return "0"
        agent = shown.agent.name if shown.agent else ""
        wait = f"{shown.queue_position or 0}/{shown.estimated_seconds}/{shown.back_at}"
        asked = shown.survey.json() if shown.survey else ""
        return f"{shown.id}/{shown.state}/{agent}/{wait}/{int(shown.bot_typing)}/{asked}"


async def snapshot(services: Services, visitor: Visitor, *, after: int) -> Snapshot:
    """What the visitor may see, with every message they do not have yet."""
    async with services.database.read() as uow:
        row = await find_conversation(uow, visitor)
        if row is None:
            return Snapshot(None, [])
        thinking = row.state is State.BOT and await uow.turns.any_pending(row.id)
        shown = await views.widget_conversation(uow, row, services.rules, bot_typing=thinking)
        lines = await uow.messages.transcript(row.id, after=after, private=False)
    return Snapshot(shown, [views.message(line, reader="customer") for line in lines])


async def find_conversation(uow: UnitOfWork, visitor: Visitor) -> Conversation | None:
    """The visitor's conversation; None until they have written something."""
    identity = await uow.customers.identity(CHANNEL, visitor.address)
    if identity is None:
        return None
    return await uow.conversations.of_customer(identity.customer_id)


async def say(
    services: Services, visitor: Visitor, *, client_id: str, text: Any, payload: str | None
) -> Received:
    """Take in what the visitor wrote or pressed; the same `client_id` again changes nothing. Raise
    NotAllowed for who has not agreed to be kept, where that is asked for."""
    await require_consent(services, CHANNEL, visitor.address)
    return await receive(
        services,
        InboundMessage(
            channel=CHANNEL,
            address=visitor.address,
            external_id=f"{visitor.address}:{client_id}",
            text=text,
            payload=payload,
            claim=visitor.claim,
        ),
    )


async def mark_seen(services: Services, visitor: Visitor, seq: int) -> None:
    """The visitor has everything up to `seq` on their screen."""
    async with services.database.read() as uow:
        row = await find_conversation(uow, visitor)
    # Said again, or of a thread that is theirs no more: it costs no write.
    if row is None or not row.seen_seq < seq <= row.last_seq:
        return
    async with services.database.write() as uow:
        await uow.conversations.mark_seen(row.id, seq)
        arrived = await uow.outbox.fetched(row.id, CHANNEL, seq)
    for item in arrived:
        await services.bus.publish(delivery_changed(item))


async def show_typing(services: Services, visitor: Visitor, *, limits: Limits) -> None:
    """Tell an agent that the visitor is writing, unless they were told within the last second."""
    if await limits.take(f"typing:{visitor.address}", TYPING) > 0:
        return
    async with services.database.read() as uow:
        row = await find_conversation(uow, visitor)
    if row is not None and row.state is State.AGENT:
        data = {"author": "customer", "name": visitor.claim.name}
        await services.bus.publish(Event("typing", row.id, data))


def concerns(event: Event, conversation_id: str | None, visitor: Visitor) -> bool:
    """Whether a visitor must look again: at their own conversation, also one that just began, or
    at their place in the queue, which moves when another conversation changes owner."""
    if event.type == "looking":
        return False  # colleagues' business
    if event.conversation_id == conversation_id or event.type in ("conversation", "resync"):
        return True
    return conversation_id is None and event.data.get("address") == visitor.address
