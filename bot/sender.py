"""One channel's sender: a loop of its own, so that a provider which hangs holds up nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine
from typing import Any

from bot.attempts import fresh
from bot.clock import now
from bot.jobs import Jobs, end
from bot.messages import Connector, Limit, OutboundMessage, ReconcilingConnector
from bot.records import OutboxItem
from bot.sending import abandoned, look, send, take
from bot.services import Services

log = logging.getLogger(__name__)

Due = tuple[OutboxItem, OutboundMessage]

LOOK_SECONDS = 1.0  # with the lease of a send: how long a dead process can hold one up
SENDS_AT_ONCE = 8  # to so many addresses; an address gets one message after the other


class Sender:
    """Sends what is due on one channel, to several addresses at once, until it is stopped."""

    def __init__(self, services: Services, connector: Connector) -> None:
        self._services = services
        self._connector = connector
        self._task: asyncio.Task[None] | None = None
        self._jobs = Jobs()
        self._bell = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._one_ended = asyncio.Event()
        self._has_token = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)
        await self._jobs.finish()

    def ring(self) -> None:
        """Look at once."""
        self._bell.set()

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            ends = time.monotonic() + LOOK_SECONDS
            try:
                await self._send(await self._jobs.do(self._due()))
            except Exception as error:
                self._failed(error)
                self._bell.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._bell.wait(), max(0.0, ends - time.monotonic()))

    async def _send(self, due: list[Due]) -> None:
        """Begin what is due; what has no place or no token within LOOK_SECONDS is found again."""
        ends = time.monotonic() + LOOK_SECONDS
        for item, _ in due:
            if item.state == "sending":
                await self._jobs.do(abandoned(self._services, self._connector, item))
                self.ring()
        for item, outbound in due:
            if item.state == "unknown" and isinstance(self._connector, ReconcilingConnector):
                if not await self._may_go(ends, None):
                    return
                self._begin(look(self._services, self._connector, item, outbound))
            elif item.state == "pending":
                if not await self._may_go(ends, None if self._has_token else self._connector.limit):
                    return
                self._has_token = True
                taken = await self._jobs.do(take(self._services, item))
                if taken is not None:
                    # Otherwise another process was first, and the token is for the next item.
                    self._has_token = False
                    self._begin(send(self._services, self._connector, taken, outbound))

    async def _due(self) -> list[Due]:
        at = now()
        async with self._services.database.read() as uow:
            return await uow.outbox.due(self._connector.name, at=at, fresh=fresh(at))

    async def _may_go(self, ends: float, limit: Limit | None) -> bool:
        """Wait for a place and for the channel's limit, holding nothing; False when it `ends`."""
        while len(self._under_way) >= SENDS_AT_ONCE:
            self._one_ended.clear()
            try:
                await asyncio.wait_for(self._one_ended.wait(), max(0.0, ends - time.monotonic()))
            except asyncio.TimeoutError:
                return False
        while time.monotonic() < ends:
            seconds = await self._services.limits.take(self._connector.name, limit)
            if seconds == 0.0:
                return True
            await asyncio.sleep(min(seconds, max(0.0, ends - time.monotonic())))
        return False

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        job = self._jobs.start(work)
        self._under_way.add(job)
        job.add_done_callback(self._ended)

    def _ended(self, job: asyncio.Task[None]) -> None:
        self._under_way.discard(job)
        self._one_ended.set()
        self.ring()  # what was behind it may go now
        error = None if job.cancelled() else job.exception()
        if error is not None:
            self._failed(error)

    def _failed(self, error: BaseException) -> None:
        # Nothing is lost: who comes next finds the item as it was, or its lease run out.
        log.error("delivery_failed channel=%s error=%s", self._connector.name, type(error).__name__)
