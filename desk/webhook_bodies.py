"""What a receiver is sent: the API's own shapes, so that a bridge needs no second vocabulary."""

from __future__ import annotations

from bot import records
from bot.clock import iso
from bot.store.database import UnitOfWork
from desk import shapes, views
from desk.webhook_shapes import WebhookBody


async def write(uow: UnitOfWork, notice: records.Notice) -> str:
    """The JSON of this notice, as things are now; raise LookupError where they are gone."""
    row = await uow.conversations.get(notice.conversation_id)
    if row is None:
        raise LookupError("a notice of no conversation")
    (conversation,) = await views.conversations(uow, [row])
    body = WebhookBody(
        id=notice.id,
        event=notice.event,
        created_at=iso(notice.created_at),
        change=notice.facts,
        conversation=conversation,
        message=await _message(uow, notice),
        handoff=await _handoff(uow, notice),
    )
    return body.json()


async def _message(uow: UnitOfWork, notice: records.Notice) -> shapes.Message | None:
    line = await uow.messages.get(notice.facts.get("message_id", ""))
    told = notice.facts.get("delivery")
    return (
        views.message(line, delivery=records.Delivery(**told) if told else None) if line else None
    )


async def _handoff(uow: UnitOfWork, notice: records.Notice) -> shapes.Handoff | None:
    row = await uow.handoffs.get(notice.facts.get("handoff_id", ""))
    return (await views.handoffs(uow, [row]))[0] if row else None
