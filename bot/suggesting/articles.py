"""Suggestions from the shop's articles: the passages that answer the question, with their link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.knowledge.search import Search
from bot.suggesting.candidates import Asked, Candidate

MOST = 2
LEAST = 0.45  # of a passage's score: below it, it is about something else


class Articles:
    """`search` is asked for when first needed: it loads what understands sentences. `site` is what
    the articles' paths are below."""

    def __init__(self, search: Callable[[], Search], site: str) -> None:
        self._search = search
        self._site = site

    async def candidates(self, asked: Asked) -> list[Candidate]:
        """The passages that fit; they are looked for in a thread."""
        return await asyncio.to_thread(self._find, asked.text)

    def _find(self, question: str) -> list[Candidate]:
        return [
            Candidate(
                "article",
                f"{hit.article.title}: {hit.passage.heading}"
                if hit.passage.heading
                else hit.article.title,
                f"{hit.quote}\n{hit.article.address(self._site)}",
                hit.score,
            )
            for hit in self._search().find(question, MOST)
            if hit.score >= LEAST
        ]
