"""Suggestions from the canned replies: those whose name and words are about what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.assistant.nlu.minilm import Floats
from bot.canned import CannedReply
from bot.store.database import Database
from bot.suggesting.candidates import Asked, Candidate

MOST = 2
LEAST = 0.5  # the cosine; an answer is less like its question than another question is


class CannedReplies:
    """`embed` gives each text as a row, and remembers those that it gave."""

    def __init__(self, database: Database, *, embed: Callable[[Sequence[str]], Floats]) -> None:
        self._database = database
        self._embed = embed

    async def candidates(self, asked: Asked) -> list[Candidate]:
        """Those that fit best; its variables are left for the desk to fill in."""
        async with self._database.read() as uow:
            replies = await uow.canned_replies.all()
        return await asyncio.to_thread(self._find, asked, replies) if replies else []

    def _find(self, asked: Asked, replies: Sequence[CannedReply]) -> list[Candidate]:
        scores = self._embed([f"{reply.name}. {reply.text}" for reply in replies]) @ asked.meaning
        return [
            Candidate("canned", replies[place].name, replies[place].text, float(scores[place]))
            for place in scores.argsort()[::-1][:MOST]
            if scores[place] >= LEAST
        ]
