"""Hand-offs in their queue, as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import records
from bot.clock import iso, iso_or_none
from bot.handoff_request import REASONS
from bot.store.database import UnitOfWork
from desk import shapes
from desk.views.names import People, people
from desk.views.transcript import message


def reason(code: str) -> shapes.Reason:
    return shapes.Reason(code=code, text=REASONS.get(code, code))


def place(row: records.Handoff, names: People, offer: records.Offer | None) -> dict[str, Any]:
    """The fields of shapes.Place."""
    asked = names.agent(offer.agent_id) if offer else None
    return {
        "offer": shapes.Offer(agent=asked, until=iso(offer.until)) if offer and asked else None,
        "queue": row.queue,
        "priority": row.priority,
        "ranked_at": iso(row.ranked_at),
        "warn_at": iso_or_none(row.warn_at),
        "due_at": iso_or_none(row.due_at),
        "replied_at": iso_or_none(row.replied_at),
        "tier": row.tier,
    }


async def handoffs(uow: UnitOfWork, rows: list[records.Handoff]) -> list[shapes.Handoff]:
    """A page of the queue."""
    names = await people(uow, (row.customer_id for row in rows))
    newest = await uow.messages.newest([row.conversation_id for row in rows])
    channels = await uow.conversations.channels({row.conversation_id for row in rows})
    offers = await uow.offers.open_on(rows)
    return [
        shapes.Handoff(
            **place(row, names, offers.get(row.id)),
            id=row.id,
            conversation_id=row.conversation_id,
            state=row.state.value,
            reason=reason(row.reason),
            evidence=row.evidence,
            requested_at=iso(row.requested_at),
            accepted_at=iso_or_none(row.accepted_at),
            closed_at=iso_or_none(row.closed_at),
            agent=names.agent(row.agent_id),
            customer=names.customer(row.customer_id),
            channel=channels[row.conversation_id],
            last_message=(
                message(newest[row.conversation_id]) if row.conversation_id in newest else None
            ),
            intent=row.card["wants"]["intent"],
        )
        for row in rows
    ]


def brief(
    handoff: records.Handoff | None, names: People, offers: Mapping[str, records.Offer]
) -> shapes.HandoffBrief | None:
    if handoff is None:
        return None
    return shapes.HandoffBrief(
        **place(handoff, names, offers.get(handoff.id)),
        intent=handoff.card["wants"]["intent"],
        id=handoff.id,
        state=handoff.state.value,
        reason=reason(handoff.reason),
        requested_at=iso(handoff.requested_at),
    )
