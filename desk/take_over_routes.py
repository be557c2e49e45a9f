"""Taking a conversation over from the agent who has it."""

from __future__ import annotations

from pydantic import BaseModel, Field, StrictStr

from bot import taking_over
from desk import shapes
from desk.conversation_routes import detail_of
from desk.routes import Call, Route


class TakeOver(BaseModel):
    note: StrictStr = Field(description="Why, for the agent who had it")


def table() -> list[Route]:
    return [
        Route(
            "POST",
            "/conversations/{id}/take-over",
            "agent",
            "Take it from a colleague who is away; a lead also from one who is there",
            take_over,
            body=TakeOver,
            answer=shapes.ConversationDetail,
        )
    ]


async def take_over(call: Call) -> shapes.ConversationDetail:
    conversation_id = call.request.match_info["id"]
    await taking_over.take_over(call.services, conversation_id, call.staff, note=call.body.note)
    return await detail_of(call.services, conversation_id)
