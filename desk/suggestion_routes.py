"""Suggested replies over HTTP: what is offered, what is taken, and the figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from bot.assistant.nlu.minilm import Floats
from bot.suggesting.candidates import Source
from bot.suggesting.suggestions import insert, suggest
from desk import shapes
from desk.conversation_routes import Nothing
from desk.routes import Call, Route


class SuggestionRoutes:
    """`sources` give candidates, and `embed` a sentence as a vector of meaning; it computes."""

    def __init__(self, sources: Sequence[Source], embed: Callable[[str], Floats]) -> None:
        self._sources = sources
        self._embed = embed

    def table(self) -> list[Route]:
        return [
            Route(
                "GET",
                "/suggestions/figures",
                "lead",
                "How many suggested replies were offered, taken and sent, by source",
                self.figures,
                answer=shapes.SuggestionFigures,
            ),
            Route(
                "GET",
                "/conversations/{id}/suggestions",
                "agent",
                "Replies to the customer's newest message, three at most",
                self.suggestions,
                answer=shapes.Suggestions,
            ),
            Route(
                "POST",
                "/conversations/{id}/suggestions/{suggestion_id}/insert",
                "agent",
                "Count that it was put into a draft",
                self.insert,
                body=Nothing,
            ),
        ]

    async def suggestions(self, call: Call) -> shapes.Suggestions:
        offered = await suggest(
            call.services,
            call.request.match_info["id"],
            sources=self._sources,
            embed=self._embed,
        )
        items = [
            shapes.Suggestion(
                id=one.id,
                message_id=one.message_id,
                source=one.source,
                title=one.title,
                text=one.text,
            )
            for one in offered
        ]
        return shapes.Suggestions(items=items, next=None)

    async def insert(self, call: Call) -> None:
        info = call.request.match_info
        await insert(call.services, info["id"], info["suggestion_id"], call.staff)

    async def figures(self, call: Call) -> shapes.SuggestionFigures:
        async with call.services.database.read() as uow:
            rows = await uow.suggestions.figures()
        items = [shapes.SourceFigures(**asdict(row)) for row in rows]
        return shapes.SuggestionFigures(items=items, next=None)
