"""The leads' part of the API: what was given up, and what is to become of it."""

from __future__ import annotations

from bot import dead_letters
from bot.records import LetterKind
from desk import shapes, views
from desk.conversation_routes import Nothing
from desk.paging import Page, decode, encode
from desk.routes import Call, Route


class DeadLetterPage(Page):
    kind: LetterKind | None = None


def table() -> list[Route]:
    one = "/dead-letters/{id}"
    return [
        Route(
            "GET",
            "/dead-letters",
            "lead",
            "Turns and deliveries that were given up, newest first",
            letters,
            query=DeadLetterPage,
            answer=shapes.DeadLetters,
        ),
        Route(
            "GET",
            "/dead-letters/counts",
            "lead",
            "How many of each kind there are",
            counts,
            answer=shapes.DeadLetterCounts,
        ),
        Route(
            "POST",
            f"{one}/resend",
            "lead",
            "Try it again; one that is `unknown` may arrive twice",
            resend,
            body=Nothing,
        ),
        Route("POST", f"{one}/drop", "lead", "Let nothing follow", drop, body=Nothing),
    ]


async def letters(call: Call) -> shapes.DeadLetters:
    query: DeadLetterPage = call.query
    before = decode(query.cursor, 1)
    async with call.services.database.read() as uow:
        rows = await uow.dead_letters.page(
            query.kind, before=before[0] if before else None, limit=query.limit
        )
    following = encode(rows[-1].id) if len(rows) == query.limit else None
    return shapes.DeadLetters(items=[views.dead_letter(row) for row in rows], next=following)


async def counts(call: Call) -> shapes.DeadLetterCounts:
    async with call.services.database.read() as uow:
        return shapes.DeadLetterCounts.parse_obj(await uow.dead_letters.counts())


async def resend(call: Call) -> None:
    await dead_letters.resend(call.services, call.request.match_info["id"], call.staff)


async def drop(call: Call) -> None:
    await dead_letters.drop(call.services, call.request.match_info["id"], call.staff)
