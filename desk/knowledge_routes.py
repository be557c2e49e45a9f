"""The agents' search of the shop's articles, by the words typed so far."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pydantic import BaseModel, Extra, Field

from bot.knowledge.search import Search
from desk import shapes
from desk.routes import Call, Route

MOST = 5


class Asked(BaseModel):
    q: str = Field(max_length=400, description="A question, or the beginning of one")

    class Config:
        extra = Extra.forbid


class KnowledgeRoutes:
    """`search` is asked for when first needed: it loads what understands sentences. `site` is what
    the articles' paths are below."""

    def __init__(self, search: Callable[[], Search], site: str) -> None:
        self._search = search
        self._site = site

    def table(self) -> list[Route]:
        return [
            Route(
                "GET",
                "/knowledge",
                "agent",
                "The passages of the shop's articles that fit best, the best first",
                self.passages,
                query=Asked,
                answer=shapes.Passages,
            )
        ]

    async def passages(self, call: Call) -> shapes.Passages:
        question = call.query.q.strip()
        # In a thread: a changed article is embedded first, and every question is.
        found = await asyncio.to_thread(self._find, question) if question else []
        return shapes.Passages(items=found, next=None)

    def _find(self, question: str) -> list[shapes.Passage]:
        return [
            shapes.Passage(
                article=hit.article.name,
                title=hit.article.title,
                heading=hit.passage.heading,
                text=hit.quote,
                url=hit.article.address(self._site),
                score=round(hit.score, 3),
            )
            for hit in self._search().find_while_typing(question, MOST)
        ]
