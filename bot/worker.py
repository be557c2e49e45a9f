"""The tasks that take turns: woken by the queue, and by a sweep for turns that nobody rang for."""

from __future__ import annotations

import asyncio
import logging

from bot.jobs import GRACE_SECONDS, Jobs, end
from bot.services import Services
from bot.turn import take_turns

log = logging.getLogger(__name__)

CONCURRENT_TURNS = 16
SWEEP_SECONDS = 5.0
RETRY_SECONDS = 1.0


class Worker:
    """Takes turns until it is stopped; one conversation is never taken twice at once.

    A stop waits up to `grace` seconds for the turns at hand; what is cut off is taken anew.
    """

    def __init__(self, services: Services, *, grace: float = GRACE_SECONDS) -> None:
        self._services = services
        self._grace = grace
        self._tasks: list[asyncio.Task[None]] = []
        self._jobs = Jobs()

    async def start(self) -> None:
        """Take up what an earlier process left, and then whatever comes."""
        async with self._services.database.write() as uow:
            await uow.conversations.drop_leases()
        self._tasks = [asyncio.create_task(self._take()) for _ in range(CONCURRENT_TURNS)]
        self._tasks.append(asyncio.create_task(self._sweep()))

    async def stop(self) -> None:
        for task in self._tasks:
            await end(task)
        await self._jobs.finish(self._grace)

    async def _take(self) -> None:
        while True:
            conversation_id = await self._services.queue.next()
            try:
                await self._jobs.do(take_turns(self._services, conversation_id))
            except Exception as error:
                # The turn is still in the database: wait, so as not to spin on a broken disk.
                log.error(
                    "turn_postponed conversation_id=%s error=%s",
                    conversation_id,
                    type(error).__name__,
                )
                await asyncio.sleep(RETRY_SECONDS)
                await self._services.queue.ring(conversation_id)

    async def _sweep(self) -> None:
        while True:
            try:
                await self._jobs.do(self._ring_waiting())
            except Exception as error:
                log.error("sweep_failed error=%s", type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    async def _ring_waiting(self) -> None:
        async with self._services.database.read() as uow:
            waiting = await uow.turns.waiting_conversations()
        for conversation_id in waiting:
            await self._services.queue.ring(conversation_id)
