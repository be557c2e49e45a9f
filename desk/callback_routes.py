"""Ticking off a call that a customer asked for."""

from __future__ import annotations

from bot.calling_back import called_back
from desk import shapes
from desk.conversation_routes import Nothing, detail_of
from desk.routes import Call, Route


def table() -> list[Route]:
    return [
        Route(
            "POST",
            "/conversations/{id}/called-back",
            "agent",
            "Note that I called the customer back",
            call_made,
            Nothing,
            answer=shapes.ConversationDetail,
        )
    ]


async def call_made(call: Call) -> shapes.ConversationDetail:
    conversation_id = call.request.match_info["id"]
    await called_back(call.services, conversation_id, call.staff)
    return await detail_of(call.services, conversation_id)
