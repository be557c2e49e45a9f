"""The tasks that take turns: woken by the queue, and by a sweep for turns that nobody rang for."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from bot.clock import now
from bot.events import Event
from bot.jobs import GRACE_SECONDS, Jobs, end
from bot.offers import tend_offers
from bot.privacy.retention import enforce
from bot.services import Services
from bot.snoozing import wake_due
from bot.stranded import return_stranded
from bot.turn import take_turns

log = logging.getLogger(__name__)

CONCURRENT_TURNS = 16
# Together with the lease of a turn: how long a dead process can keep a customer waiting.
SWEEP_SECONDS = 0.5
# More than one process takes in that time, and few enough that who is in conversation is not behind
# a flood of newcomers.
SWEPT_AT_ONCE = 16
RETRY_SECONDS = 1.0
FORGET_SECONDS = 600.0
FIRST_RETENTION_SECONDS = 60.0  # a start has enough to do
RETENTION_SECONDS = 3600.0
STRANDED_SECONDS = 10.0
# Agents whose connection is lost say nothing, and a round of offers begins again after a pause.
OFFERS_SECONDS = 10.0
# After these somebody may be there to be asked, or wait, who was or did not before.
_MOVES = frozenset({"conversation", "presence", "attendance", "resync"})
SNOOZED_SECONDS = 2.0


class Worker:
    """Takes turns until it is stopped; one conversation is never taken twice at once.

    A stop waits up to `grace` seconds for the turns at hand; what is cut off is taken anew.
    """

    def __init__(self, services: Services, *, grace: float = GRACE_SECONDS) -> None:
        self._services = services
        self._grace = grace
        self._tasks: list[asyncio.Task[None]] = []
        self._jobs = Jobs()
        self._at_work: set[str] = set()
        self._rung_again: set[str] = set()
        self._failing: set[str] = set()

    def start(self) -> None:
        """Take up what an earlier process left, and then whatever comes."""
        self._tasks = [asyncio.create_task(self._take()) for _ in range(CONCURRENT_TURNS)]
        self._tasks.append(asyncio.create_task(self._sweep()))
        self._tasks.append(asyncio.create_task(self._forget()))
        self._tasks.append(asyncio.create_task(self._delete_old()))
        self._tasks.append(asyncio.create_task(self._look_for_stranded()))
        self._tasks.append(asyncio.create_task(self._tend_offers()))
        self._tasks.append(asyncio.create_task(self._wake_snoozed()))

    async def stop(self) -> None:
        for task in self._tasks:
            await end(task)
        await self._jobs.finish(self._grace)

    async def _take(self) -> None:
        while True:
            conversation_id = await self._services.queue.next()
            try:
                await self._jobs.do(self._take_turns(conversation_id))
                self._failing.discard(conversation_id)
            except Exception as error:
                self._failing.add(conversation_id)
                # The turn is still in the database: wait, so as not to spin on a broken disk.
                log.error(
                    "turn_postponed conversation_id=%s error=%s",
                    conversation_id,
                    type(error).__name__,
                )
                await asyncio.sleep(RETRY_SECONDS)
                await self._services.queue.ring(conversation_id)

    async def _take_turns(self, conversation_id: str) -> None:
        """Take the conversation's turns, unless this process is at it.

        A lease would tell as well, but not if this process stood still until it had run out: then
        it would take its own turn once more.
        """
        if conversation_id in self._at_work:
            self._rung_again.add(conversation_id)
            return
        self._at_work.add(conversation_id)
        try:
            await take_turns(self._services, conversation_id)
        finally:
            self._at_work.discard(conversation_id)
            if conversation_id in self._rung_again:
                self._rung_again.discard(conversation_id)
                await self._services.queue.ring(conversation_id)

    async def _sweep(self) -> None:
        while True:
            try:
                await self._jobs.do(self._ring_waiting())
            except Exception as error:
                log.error("sweep_failed error=%s", type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    async def _forget(self) -> None:
        """Drop what is kept for a while only, also where nobody adds to it any more."""
        while True:
            try:
                await self._jobs.do(self._forget_old_signals())
            except Exception as error:
                log.error("forgetting_failed error=%s", type(error).__name__)
            await asyncio.sleep(FORGET_SECONDS)

    async def _delete_old(self) -> None:
        """Keep nothing for longer than `privacy.yml` says."""
        pause = FIRST_RETENTION_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                await self._jobs.do(enforce(self._services, at=now()))
            except Exception as error:
                log.error("retention_failed error=%s", type(error).__name__)
            pause = RETENTION_SECONDS

    async def _look_for_stranded(self) -> None:
        while True:
            await asyncio.sleep(STRANDED_SECONDS)
            try:
                await self._jobs.do(return_stranded(self._services))
            except Exception as error:
                log.error("stranded_failed error=%s", type(error).__name__)

    async def _tend_offers(self) -> None:
        """As soon as something moves, and when an offer runs out.

        Where no queue offers, only what was offered before the rules changed is to be ended."""

        def moves(event: Event) -> bool:
            return event.type in _MOVES and bool(self._services.rules.offering())

        with self._services.bus.subscribe(moves) as moved:
            while True:
                moved.forget()
                pause = OFFERS_SECONDS
                try:
                    until = await self._jobs.do(tend_offers(self._services))
                    if until is not None:
                        pause = min(pause, max(0.0, (until - now()).total_seconds()))
                except Exception as error:
                    log.error("offers_failed error=%s", type(error).__name__)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(moved.next(), pause)

    async def _wake_snoozed(self) -> None:
        while True:
            try:
                await self._jobs.do(wake_due(self._services))
            except Exception as error:
                log.error("waking_failed error=%s", type(error).__name__)
            await asyncio.sleep(SNOOZED_SECONDS)

    async def _forget_old_signals(self) -> None:
        async with self._services.database.write() as uow:
            await uow.signals.forget_old(at=now())

    async def _ring_waiting(self) -> None:
        # They wait longest: without room beside them, a sweep would find nobody else any more.
        limit = SWEPT_AT_ONCE + len(self._failing)
        async with self._services.database.read() as uow:
            untaken = await uow.turns.untaken(at=now(), limit=limit)
        # Another process may have taken some of them since.
        self._failing.intersection_update(untaken)
        for conversation_id in untaken:
            await self._services.queue.ring(conversation_id)
