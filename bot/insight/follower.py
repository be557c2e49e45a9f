"""Keeps contacts and their counts up to date, beside everything else that a serving process does.

Events say which conversation to look at; one that was lost, or came while nothing ran, is found by
comparing all conversations with what was cut from them, when it begins and every hour. The same
comparison fills a log that is older than the counts, a hundred conversations at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from bot.clock import now
from bot.events import Event
from bot.insight.rolling import count_days, roll_up
from bot.jobs import end
from bot.services import Services
from bot.store.database import Database

log = logging.getLogger(__name__)

AT_ONCE = 100  # conversations in a transaction: the others' writes wait for no more than that
GATHER_SECONDS = 2.0  # what happens within a moment is looked at together
COUNT_SECONDS = 2.0  # between countings while a log is filled
SWEEP_SECONDS = 3600.0
AFTER_FAILURE_SECONDS = 10.0
CHANGING = frozenset({"message", "conversation", "turn", "survey", "resync"})


async def sweep(
    database: Database, *, meanwhile: Callable[[], Awaitable[None]] | None = None
) -> int:
    """Cut every conversation that has changed since it was, the newest first; how many there
    were. `meanwhile` is called again and again on the way."""
    before, found = None, 0
    while True:
        async with database.read() as uow:
            ids = await uow.contacts.stale(before=before, limit=AT_ONCE)
        if not ids:
            return found
        await roll_up(database, ids, at=now())
        before, found = ids[-1], found + len(ids)
        if meanwhile is not None:
            await meanwhile()


async def settle(database: Database, *, at: datetime) -> None:
    """Cut anew where nothing happened but time."""
    before: list[str] = []
    while True:
        async with database.read() as uow:
            ids = await uow.contacts.settling(at=at, limit=AT_ONCE)
        if not ids or ids == before:
            return
        await roll_up(database, ids, at=at)
        before = ids


class Follower:
    """Looks whenever something happened, or a contact ends, until it is stopped."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._database = services.database
        self._count_at = 0.0

    async def run(self) -> None:
        with self._services.bus.subscribe(lambda event: event.type in CHANGING) as events:
            due: set[str] = set()
            swept: float | None = None
            while True:
                try:
                    if swept is None or time.monotonic() - swept > SWEEP_SECONDS:
                        await sweep(self._database, meanwhile=self._count_at_times)
                        swept = time.monotonic()
                    await self._look(due)
                    wait = await self._until_settling()
                except Exception as error:
                    # Nothing is lost: the comparison finds what was not written.
                    log.error("contacts_not_counted error=%s", type(error).__name__)
                    swept, wait = None, AFTER_FAILURE_SECONDS
                with contextlib.suppress(asyncio.TimeoutError):
                    event = await asyncio.wait_for(events.next(), wait)
                    due.add(event.conversation_id)
                    if event.type == "resync":
                        swept = None
                    await asyncio.sleep(GATHER_SECONDS)
                    for event in events.waiting():
                        due.add(event.conversation_id)
                        swept = None if event.type == "resync" else swept

    async def _look(self, due: set[str]) -> None:
        """Cut what events named, and what became due by itself; then count."""
        due.discard("")
        ids = sorted(due)
        for first in range(0, len(ids), AT_ONCE):
            lost = await roll_up(self._database, ids[first : first + AT_ONCE], at=now())
            # By whoever wrote it, maybe before its last line.
            await roll_up(self._database, lost, at=now())
        due.clear()
        await settle(self._database, at=now())
        await self._count()

    async def _count_at_times(self) -> None:
        """While a log is filled: its figures are there from the first conversations on."""
        if time.monotonic() >= self._count_at:
            await self._count()

    async def _count(self) -> None:
        began = time.monotonic()
        if await count_days(self._database):
            await self._services.bus.publish(Event("insight", ""))
        ended = time.monotonic()
        # Any conversation may touch any day: counting them takes a tenth of a filling at most.
        self._count_at = ended + max(COUNT_SECONDS, 9 * (ended - began))

    async def _until_settling(self) -> float:
        async with self._database.read() as uow:
            at = await uow.contacts.settles_at()
        seconds = (at - now()).total_seconds() if at is not None else SWEEP_SECONDS
        return min(max(seconds, GATHER_SECONDS), SWEEP_SECONDS)


@asynccontextmanager
async def following(services: Services) -> AsyncIterator[None]:
    """Contacts are counted for as long as the block runs."""
    running = asyncio.create_task(Follower(services).run())
    try:
        yield
    finally:
        await end(running)
