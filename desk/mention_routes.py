"""Mentions over the API: a note makes them, and looking ends them."""

from __future__ import annotations

from bot import mentions
from desk.routes import Call, Route


def table() -> list[Route]:
    path = "/conversations/{id}/mentions"
    return [Route("DELETE", path, "agent", "I have seen where I was mentioned", looked)]


async def looked(call: Call) -> None:
    await mentions.looked(call.services, call.request.match_info["id"], call.staff)
