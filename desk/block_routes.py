"""Blocking over the API: agents block, leads see all of it and lift what anybody blocked."""

from __future__ import annotations

from bot.abuse import blocking
from bot.clock import now
from desk import block_shapes, block_views, shapes, views
from desk.conversation_routes import detail_of
from desk.paging import Page, decode_moment, encode_moment
from desk.routes import Call, Route


class BlockPage(Page):
    over: bool = False


def table() -> list[Route]:
    return [
        Route(
            "POST",
            "/conversations/{id}/block",
            "agent",
            "Close it as spam, and answer its customer no more",
            block,
            body=block_shapes.NewBlock,
            answer=shapes.ConversationDetail,
        ),
        Route(
            "GET",
            "/blocks",
            "lead",
            "Who is blocked, newest first; with `over`, who no longer is",
            blocks,
            query=BlockPage,
            answer=block_shapes.Blocks,
        ),
        Route("DELETE", "/blocks/{id}", "agent", "Lift it: leads any, agents their own", lift),
    ]


async def block(call: Call) -> shapes.ConversationDetail:
    wanted: block_shapes.NewBlock = call.body
    conversation_id = call.request.match_info["id"]
    await blocking.block(
        call.services,
        conversation_id,
        call.staff,
        reason=wanted.reason,
        hours=wanted.hours,
        only_address=wanted.only_address,
    )
    return await detail_of(call.services, conversation_id)


async def blocks(call: Call) -> block_shapes.Blocks:
    query: BlockPage = call.query
    before = decode_moment(query.cursor)
    async with call.services.database.read() as uow:
        rows = await uow.blocks.page(on=not query.over, at=now(), before=before, limit=query.limit)
        names = await views.people(uow, (row.customer_id for row in rows))
    full = len(rows) == query.limit
    following = encode_moment(rows[-1].created_at, rows[-1].id) if full else None
    items = [block_views.block(row, names) for row in rows]
    return block_shapes.Blocks(items=items, next=following)


async def lift(call: Call) -> None:
    await blocking.lift(call.services, call.request.match_info["id"], call.staff)
