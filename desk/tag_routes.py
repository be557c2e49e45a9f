"""Tags over the API: agents put them on conversations, take them off, and read which there are."""

from __future__ import annotations

from bot import tags
from desk.paging import Page, decode, encode
from desk.routes import Call, Route
from desk.tag_shapes import ConversationTags, Tag, Tags


def table() -> list[Route]:
    one, answer = "/conversations/{id}/tags/{name}", ConversationTags
    return [
        Route("GET", "/tags", "agent", "Every tag, by name", every, query=Page, answer=Tags),
        Route("PUT", one, "agent", "Put a tag on it", add, answer=answer),
        Route("DELETE", one, "agent", "Take a tag off it", remove, answer=answer),
    ]


async def every(call: Call) -> Tags:
    query: Page = call.query
    after = decode(query.cursor, 1)
    async with call.services.database.read() as uow:
        found = await uow.tags.page(after=after[0] if after else None, limit=query.limit)
    following = encode(found[-1][0]) if len(found) == query.limit else None
    return Tags(items=[Tag(name=name, open=count) for name, count in found], next=following)


async def add(call: Call) -> ConversationTags:
    conversation_id, name = _named(call)
    return ConversationTags(tags=await tags.add(call.services, conversation_id, call.staff, name))


async def remove(call: Call) -> ConversationTags:
    conversation_id, name = _named(call)
    return ConversationTags(
        tags=await tags.remove(call.services, conversation_id, call.staff, name)
    )


def _named(call: Call) -> tuple[str, str]:
    parts = call.request.match_info
    return parts["id"], parts["name"]
