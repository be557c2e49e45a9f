"""Offers in the API: an agent takes the customer who is offered to them, or lets the next be
asked. What is offered to whom is said with each hand-off."""

from __future__ import annotations

from bot import offers
from desk import shapes
from desk.conversation_routes import detail_of
from desk.routes import Call, Route


def table() -> list[Route]:
    return [
        Route(
            "POST",
            "/handoffs/{id}/accept",
            "agent",
            "Take the customer who is offered to me",
            accept,
            answer=shapes.ConversationDetail,
        ),
        Route(
            "POST",
            "/handoffs/{id}/decline",
            "agent",
            "Let the next agent be asked",
            decline,
        ),
    ]


async def accept(call: Call) -> shapes.ConversationDetail:
    handoff_id = call.request.match_info["id"]
    return await detail_of(
        call.services, await offers.accept(call.services, handoff_id, call.staff)
    )


async def decline(call: Call) -> None:
    await offers.decline(call.services, call.request.match_info["id"], call.staff)
