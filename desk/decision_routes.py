"""The staff's part of the API: what the bot decided in a conversation, and why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, Extra

from bot.clock import iso
from bot.decisions.explanation import Explanation
from bot.decisions.reading import decision_behind, decisions_of
from bot.errors import InvalidInput, NotFound
from bot.services import Services
from desk import decision_shapes as shapes
from desk.conversation_routes import existing
from desk.csv_rows import MARK, rows, safe
from desk.paging import Page, decode, encode
from desk.routes import Call, Route

AT_ONCE = 200  # turns of a file that are read in one transaction
COLUMNS = ("id", "at", "decided", "summary", "why", "rule", "model", "recorded", "facts")


class DecisionPage(Page):
    pass


class DecisionFile(BaseModel):
    format: Literal["json", "csv"] = "json"

    class Config:
        extra = Extra.forbid


def table() -> list[Route]:
    one = "/conversations/{id}/decisions"
    return [
        Route(
            "GET",
            one,
            "agent",
            "What the bot decided in it, and why, oldest first",
            decisions,
            query=DecisionPage,
            answer=shapes.Decisions,
        ),
        Route(
            "GET",
            f"{one}/export",
            "agent",
            "The same as a file",
            export,
            query=DecisionFile,
            is_file=True,
        ),
        Route(
            "GET",
            "/messages/{id}/decision",
            "agent",
            "The decision that a line of a transcript came of",
            behind,
            answer=shapes.Decision,
        ),
    ]


async def decisions(call: Call) -> shapes.Decisions:
    query: DecisionPage = call.query
    after = _number(query.cursor)
    async with call.services.database.read() as uow:
        row = existing(await uow.conversations.get(call.request.match_info["id"]))
        found, last = await decisions_of(uow, row, after=after, limit=query.limit)
    return shapes.Decisions(
        items=[_shown(one) for one in found], next=None if last is None else encode(str(last))
    )


async def behind(call: Call) -> shapes.Decision:
    async with call.services.database.read() as uow:
        message = await uow.messages.get(call.request.match_info["id"])
        found = await decision_behind(uow, message) if message is not None else None
    if found is None:
        raise NotFound("The bot decided nothing here: a person wrote or did this.")
    return _shown(found)


async def export(call: Call) -> web.Response:
    query: DecisionFile = call.query
    conversation_id = call.request.match_info["id"]
    found = [one async for one in _all(call.services, conversation_id)]
    if query.format == "csv":
        text, kind = MARK + rows([COLUMNS, *map(_cells, found)]), "text/csv"
    else:
        items = shapes.Decisions(items=[_shown(one) for one in found], next=None)
        text, kind = items.json(ensure_ascii=False, indent=2), "application/json"
    name = f"decisions-{conversation_id}.{query.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers)


async def _all(services: Services, conversation_id: str) -> AsyncIterator[Explanation]:
    after: int | None = 0
    while after is not None:
        async with services.database.read() as uow:
            row = existing(await uow.conversations.get(conversation_id))
            found, after = await decisions_of(uow, row, after=after, limit=AT_ONCE)
        for one in found:
            yield one


def _shown(one: Explanation) -> shapes.Decision:
    return shapes.Decision(**{**asdict(one), "at": iso(one.at)})


def _cells(one: Explanation) -> list[str]:
    facts = "; ".join(f"{fact.name}: {fact.value}" for fact in one.facts)
    told: dict[str, Any] = {**asdict(one), "at": iso(one.at), "facts": facts}
    return [safe(str("" if told[name] is None else told[name])) for name in COLUMNS]


def _number(cursor: str | None) -> int:
    found = decode(cursor, 1)
    if found is None:
        return 0
    try:
        return int(found[0])
    except ValueError as error:
        raise InvalidInput("cursor", "'cursor' is not one this list gave out.") from error
