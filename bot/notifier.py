"""Tells subscribers what happened, each at its own pace: one that hangs holds up no other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from bot.clock import now
from bot.jobs import Jobs, end
from bot.notice import KEEP_BODIES, KEEP_LOG
from bot.notifying import Outside, pause_name, tell
from bot.records import Notice, Subscription
from bot.services import Services

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # with the lease of a send: how long a dead process can hold one up
AT_ONCE = 8  # to one subscriber; a conversation's are told one after the other
TIDY_SECONDS = 3600.0


class Notifier:
    """Sends what is due to each subscriber until it is stopped."""

    def __init__(self, services: Services, outside: Outside, client: aiohttp.ClientSession) -> None:
        self._services = services
        self._outside = outside
        self._client = client
        self._jobs = Jobs()
        self._bell = services.database.noticed
        self._under_way: dict[str, set[str]] = defaultdict(set)
        self._tidied = -TIDY_SECONDS

    async def run(self) -> None:
        """Look after every commit that wrote a notice here, and for what was left every second."""
        while True:
            self._bell.clear()
            try:
                await self._jobs.do(self._look())
            except Exception as error:
                # Nothing is lost: the next look finds what is due as it was.
                log.error("notices_not_looked_for error=%s", type(error).__name__)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._bell.wait(), LOOK_SECONDS)

    async def finish(self) -> None:
        await self._jobs.finish()

    async def _look(self) -> None:
        await self._tidy()
        async with self._services.database.read() as uow:
            subscriptions = await uow.subscriptions.active()
        for subscription in subscriptions:
            under_way = self._under_way[subscription.id]
            free = AT_ONCE - len(under_way)
            if free <= 0 or await self._services.limits.take(pause_name(subscription), None) > 0:
                continue
            async with self._services.database.read() as uow:
                due = await uow.notices.due(subscription.id, at=now(), most=AT_ONCE)
            for notice in [each for each in due if each.id not in under_way][:free]:
                self._begin(subscription, notice)

    def _begin(self, subscription: Subscription, notice: Notice) -> None:
        under_way = self._under_way[subscription.id]
        under_way.add(notice.id)
        job = self._jobs.start(
            tell(self._services, self._outside, self._client, subscription, notice)
        )

        def ended(job: asyncio.Task[None]) -> None:
            under_way.discard(notice.id)
            self._bell.set()  # what was behind it may go now
            error = None if job.cancelled() else job.exception()
            if error is not None:
                # The next who looks finds it as it was, or its lease run out.
                log.error("notice_not_sent notice=%s error=%s", notice.id, type(error).__name__)

        job.add_done_callback(ended)

    async def _tidy(self) -> None:
        if time.monotonic() - self._tidied < TIDY_SECONDS:
            return
        self._tidied = time.monotonic()
        at = now()
        async with self._services.database.write() as uow:
            await uow.notices.drop_old(bodies_before=at - KEEP_BODIES, rows_before=at - KEEP_LOG)


@asynccontextmanager
async def notifying(services: Services, outside: Outside) -> AsyncIterator[None]:
    """Subscribers are told for as long as the block runs."""
    async with outside.client() as client:
        notifier = Notifier(services, outside, client)
        running = asyncio.create_task(notifier.run())
        try:
            yield
        finally:
            await end(running)
            await notifier.finish()
