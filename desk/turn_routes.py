"""The leads' part of the API: the log of turns."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, validator

from bot.store.turn_log import TurnFilter
from desk import shapes, views
from desk.paging import Page, decode, encode, in_utc
from desk.routes import Call, Route


class TurnPage(Page):
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

    @validator("since", "until")
    def _aware(cls, moment: datetime | None) -> datetime | None:  # noqa: N805
        """A time without a zone is taken as UTC."""
        return in_utc(moment) if moment is not None else None


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
    ]


async def turns(call: Call) -> shapes.Turns:
    query: TurnPage = call.query
    wanted = TurnFilter(
        intent=query.intent,
        outcome=query.outcome,
        channel=query.channel,
        reason=query.reason,
        conversation_id=query.conversation_id,
        min_confidence=query.min_confidence,
        max_confidence=query.max_confidence,
        since=query.since,
        until=query.until,
        text=query.q,
    )
    before = decode(query.cursor, 1)
    async with call.services.database.read() as uow:
        rows = await uow.turn_log.page(
            wanted, before=before[0] if before else None, limit=query.limit
        )
    following = encode(rows[-1].id) if len(rows) == query.limit else None
    return shapes.Turns(items=[views.turn(row) for row in rows], next=following)


async def facets(call: Call) -> shapes.Facets:
    async with call.services.database.read() as uow:
        return shapes.Facets.parse_obj(await uow.turn_log.facets())
