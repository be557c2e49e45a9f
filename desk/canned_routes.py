"""Canned replies in the API: agents read them, leads write them."""

from __future__ import annotations

from pydantic import BaseModel, StrictStr

from bot import canned_list
from bot.canned import CannedReply
from desk import shapes
from desk.paging import Page
from desk.routes import Call, Route


class Words(BaseModel):
    """`text` may hold {agent_name}, {customer_name} and {order_number}."""

    name: StrictStr
    text: StrictStr


def table() -> list[Route]:
    one = "/canned-replies/{id}"
    return [
        Route(
            "GET",
            "/canned-replies",
            "agent",
            "Every canned reply, by name",
            replies,
            query=Page,
            answer=shapes.CannedReplies,
        ),
        Route(
            "POST",
            "/canned-replies",
            "lead",
            "Add one",
            add,
            body=Words,
            answer=shapes.CannedReply,
            status=201,
        ),
        Route("PUT", one, "lead", "Change one", change, body=Words, answer=shapes.CannedReply),
        Route("DELETE", one, "lead", "Take one out", delete),
    ]


async def replies(call: Call) -> shapes.CannedReplies:
    async with call.services.database.read() as uow:
        found = await uow.canned_replies.all()
    return shapes.CannedReplies(items=[_shown(each) for each in found], next=None)


async def add(call: Call) -> shapes.CannedReply:
    body: Words = call.body
    return _shown(await canned_list.add(call.services, body.name, body.text, by=call.staff.id))


async def change(call: Call) -> shapes.CannedReply:
    changed = await canned_list.change(
        call.services,
        call.request.match_info["id"],
        call.body.name,
        call.body.text,
        by=call.staff.id,
    )
    return _shown(changed)


async def delete(call: Call) -> None:
    await canned_list.delete(call.services, call.request.match_info["id"], by=call.staff.id)


def _shown(reply: CannedReply) -> shapes.CannedReply:
    return shapes.CannedReply(id=reply.id, name=reply.name, text=reply.text)
