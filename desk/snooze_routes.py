"""Snoozing over the API: its agent puts a conversation off, and takes that back."""

from __future__ import annotations

from bot import snoozing
from bot.errors import InvalidInput
from desk import shapes
from desk.conversation_routes import detail_of
from desk.paging import in_utc
from desk.routes import Call, Route
from desk.snooze_shapes import SnoozeFor


def table() -> list[Route]:
    path, detail = "/conversations/{id}/snooze", shapes.ConversationDetail
    return [
        Route("POST", path, "agent", "Put it off", snooze, body=SnoozeFor, answer=detail),
        Route("DELETE", path, "agent", "Bring it back now", end, answer=detail),
    ]


async def snooze(call: Call) -> shapes.ConversationDetail:
    conversation_id, until = call.request.match_info["id"], call.body.until
    try:
        until = in_utc(until) if until is not None else None
    except ValueError as error:
        raise InvalidInput("until", f"'until': {error}.") from error
    await snoozing.snooze(call.services, conversation_id, call.staff, until=until)
    return await detail_of(call.services, conversation_id)


async def end(call: Call) -> shapes.ConversationDetail:
    conversation_id = call.request.match_info["id"]
    await snoozing.end_snooze(call.services, conversation_id, call.staff)
    return await detail_of(call.services, conversation_id)
