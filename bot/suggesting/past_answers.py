"""Suggestions from what agents answered before to a customer who asked something alike.

Each answer is read once: what may be another customer's is taken out, the question is embedded, and
both are kept in the database. A process holds the vectors of the newest ones in memory, as a copy
that it brings up to date whenever it is asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

import numpy as np

from bot.assistant.nlu.minilm import Floats
from bot.clock import now
from bot.jobs import Jobs
from bot.records import PastAnswer
from bot.store.database import Database
from bot.store.past_answers import Unread
from bot.suggesting.candidates import Asked, Candidate
from bot.suggesting.open_places import names_in, with_open_places

log = logging.getLogger(__name__)

MOST = 10_000  # 46 MB in memory
AT_ONCE = 20  # read in one go: a twentieth of a second of computing
READ_PAGE = 500
CONSIDERED = 6
LEAST = 0.6  # the cosine from which two questions are alike
SHORTEST_QUESTION = 3  # words; "10432" asks nothing by itself
# Rows of other processes may be committed a little after later ones.
OVERLAP = timedelta(minutes=1)
TITLE = "An agent's earlier answer"


class PastAnswers:
    """`embed` gives a sentence as a vector and computes; `vocabulary` gives the words of the shop's
    own texts, and may read files."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        *,
        embed: Callable[[str], Floats],
        vocabulary: Callable[[], Collection[str]],
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._embed = embed
        self._vocabulary = vocabulary
        self._reading = asyncio.Lock()
        self._known: dict[str, PastAnswer] = {}
        self._rows: list[PastAnswer] = []
        self._meanings = np.zeros((0, 0), np.float32)

    async def candidates(self, asked: Asked) -> list[Candidate]:
        """The answers to the most alike questions of other conversations."""
        if not self._reading.locked() and await self._read_some() == AT_ONCE:
            self._jobs.start(self.read_all())  # what is not read yet is offered another time
        await self._follow()
        rows, meanings = self._rows, self._meanings
        return await asyncio.to_thread(_alike, rows, meanings, asked)

    def forget(self) -> None:
        """Empty the copy in memory; the next who asks reads it anew."""
        self._known, self._rows = {}, []
        self._meanings = np.zeros((0, 0), np.float32)

    async def read_all(self) -> None:
        """Read every answer that was not read yet."""
        try:
            while await self._read_some() == AT_ONCE:
                pass
        except Exception as error:  # nobody waits for it, and the next who asks goes on with it
            log.error("past_answers_unread error=%s", type(error).__name__)

    async def _read_some(self) -> int:
        """Read the next few; how many there were."""
        async with self._reading:
            async with self._database.read() as uow:
                unread = await uow.past_answers.unread(most=MOST, limit=AT_ONCE)
                staff = await uow.staff.everybody() if unread else []
            if not unread:
                return 0
            agents = [person.name for person in staff]
            answers = await asyncio.to_thread(self._made, unread, agents)
            async with self._database.write() as uow:
                await uow.past_answers.add(answers)
                await uow.past_answers.forget(most=MOST)
            return len(unread)

    def _made(self, unread: Sequence[Unread], agents: Sequence[str]) -> list[PastAnswer]:
        vocabulary = self._vocabulary()
        return [self._one(each, agents, vocabulary) for each in unread]

    def _one(self, one: Unread, agents: Sequence[str], vocabulary: Collection[str]) -> PastAnswer:
        names = names_in(one.customer, one.email, one.agent, *agents)
        text = with_open_places(one.answer, names=names, vocabulary=vocabulary)
        if len(one.question.split()) < SHORTEST_QUESTION:
            text = None
        meaning = self._embed(one.question).astype(np.float16).tobytes() if text else None
        return PastAnswer(
            message_id=one.message_id,
            conversation_id=one.conversation_id,
            customer_id=one.customer_id,
            text=text,
            meaning=meaning,
            created_at=now(),
        )

    async def _follow(self) -> None:
        """Bring the copy in memory up to date; all of it, where rows have gone."""
        since = self._rows[-1].created_at - OVERLAP if self._rows else None
        async with self._database.read() as uow:
            ids = set(await uow.past_answers.since(since)) | self._known.keys()
            if len(ids) != await uow.past_answers.count():
                ids = set(await uow.past_answers.since(None))
            if ids == self._known.keys():
                return
            known = {each: one for each, one in self._known.items() if each in ids}
            fresh = sorted(ids - known.keys())
            for start in range(0, len(fresh), READ_PAGE):
                page = await uow.past_answers.many(fresh[start : start + READ_PAGE])
                known.update((one.message_id, one) for one in page)
        rows = sorted(known.values(), key=lambda one: (one.created_at, one.message_id))
        self._meanings = await asyncio.to_thread(_stacked, rows)
        self._rows, self._known = rows, known


def _stacked(rows: Sequence[PastAnswer]) -> Floats:
    halves = [np.frombuffer(one.meaning or b"", np.float16) for one in rows]
    return np.stack(halves).astype(np.float32) if halves else np.zeros((0, 0), np.float32)


def _alike(rows: Sequence[PastAnswer], meanings: Floats, asked: Asked) -> list[Candidate]:
    if not rows:
        return []
    scores = meanings @ asked.meaning
    found: list[Candidate] = []
    for place in np.argsort(-scores, kind="stable"):
        score = float(scores[place])
        if score < LEAST or len(found) == CONSIDERED:
            break
        one = rows[place]
        if one.conversation_id != asked.conversation_id and one.text is not None:
            found.append(Candidate("answer", TITLE, one.text, score))
    return found
