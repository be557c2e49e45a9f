"""The leads' part of the API: the log of turns, and what is in it as a file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, Extra, Field, validator

from bot.clock import now
from bot.services import Services
from bot.store.turn_log import TurnFilter
from desk import shapes, turn_files, views
from desk.paging import Page, decode, encode, in_utc
from desk.routes import Call, Route

log = logging.getLogger(__name__)

AT_ONCE = 500  # turns of a file that are in memory at a time


class Wanted(BaseModel):
    """What the log is narrowed to."""

    intent: str | None = None
    outcome: str | None = None
    channel: str | None = None
    reason: str | None = None
    conversation_id: str | None = None
    min_confidence: float | None = Field(default=None, ge=0, le=1)
    max_confidence: float | None = Field(default=None, ge=0, le=1)
    since: datetime | None = None
    until: datetime | None = None
    q: str | None = Field(default=None, max_length=200, description="Part of the text")
    labelled: bool | None = None

    @validator("since", "until")
    def _aware(cls, moment: datetime | None) -> datetime | None:  # noqa: N805
        """A time without a zone is taken as UTC."""
        return in_utc(moment) if moment is not None else None

    def filter(self) -> TurnFilter:
        return TurnFilter(
            intent=self.intent,
            outcome=self.outcome,
            channel=self.channel,
            reason=self.reason,
            conversation_id=self.conversation_id,
            min_confidence=self.min_confidence,
            max_confidence=self.max_confidence,
            since=self.since,
            until=self.until,
            text=self.q,
            labelled=self.labelled,
        )


class TurnPage(Page, Wanted):
    pass


class TurnFile(Wanted):
    class Config:
        extra = Extra.forbid


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/turns",
            "lead",
            "The log of turns, newest first",
            turns,
            query=TurnPage,
            answer=shapes.Turns,
        ),
        Route(
            "GET",
            "/turns/facets",
            "lead",
            "The values to filter by, with counts",
            facets,
            answer=shapes.Facets,
        ),
        Route(
            "GET",
            "/turns/export.csv",
            "lead",
            "All of the log that the filters leave, for a spreadsheet",
            export_csv,
            query=TurnFile,
            is_file=True,
        ),
        Route(
            "GET",
            "/turns/export.jsonl",
            "lead",
            "The same for programs, a turn a line",
            export_jsonl,
            query=TurnFile,
            is_file=True,
        ),
    ]


async def turns(call: Call) -> shapes.Turns:
    query: TurnPage = call.query
    before = decode(query.cursor, 1)
    async with call.services.database.read() as uow:
        rows = await uow.turn_log.page(
            query.filter(), before=before[0] if before else None, limit=query.limit
        )
        items = await views.logged_turns(uow, rows)
    following = encode(rows[-1].id) if len(rows) == query.limit else None
    return shapes.Turns(items=items, next=following)


async def facets(call: Call) -> shapes.Facets:
    async with call.services.database.read() as uow:
        return shapes.Facets.parse_obj(await uow.turn_log.facets())


async def export_csv(call: Call) -> web.StreamResponse:
    return await _send(call, "csv", "text/csv", turn_files.HEAD, turn_files.as_csv)


async def export_jsonl(call: Call) -> web.StreamResponse:
    return await _send(call, "jsonl", "application/jsonl", "", turn_files.as_jsonl)


async def _send(
    call: Call,
    ending: str,
    kind: str,
    head: str,
    written: Callable[[list[shapes.LoggedTurn]], str],
) -> web.StreamResponse:
    """The file while it is being read, so that a log of any length takes no memory."""
    name = f"turns-{now().date().isoformat()}.{ending}"
    response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="{name}"'})
    response.content_type, response.charset = kind, "utf-8"
    query: TurnFile = call.query
    batches = _batches(call.services, query.filter())
    # What cannot be read at all is refused as anywhere; afterwards it is too late for that.
    nothing: list[shapes.LoggedTurn] = []
    first = await anext(batches, nothing)
    await response.prepare(call.request)
    try:
        await response.write((head + await asyncio.to_thread(written, first)).encode())
        async for batch in batches:
            await response.write((await asyncio.to_thread(written, batch)).encode())
    except ConnectionError:
        pass  # whoever asked has gone
    except Exception as error:
        log.error("turns_not_exported error=%s", type(error).__name__)
        # Without its end the browser does not take the file for whole.
        if call.request.transport is not None:
            call.request.transport.abort()
    return response


async def _batches(
    services: Services, wanted: TurnFilter
) -> AsyncIterator[list[shapes.LoggedTurn]]:
    """Newest first. Each is read by itself: an export holds no transaction open for minutes."""
    before: str | None = None
    while True:
        async with services.database.read() as uow:
            rows = await uow.turn_log.page(wanted, before=before, limit=AT_ONCE)
            found = await views.logged_turns(uow, rows)
        if found:
            yield found
        if len(rows) < AT_ONCE:
            return
        before = rows[-1].id
