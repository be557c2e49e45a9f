"""`/healthz`: the process lives. `/readyz`: it can do its work. `/metrics`: how it goes."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Collection, Coroutine
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import metrics
from bot.clock import now
from bot.errors import WarmlineError
from bot.jobs import Jobs
from bot.services import Services

LONGEST_CHECK_SECONDS = 2.0


class Health:
    """Of one process; `pushes` are the channels that messages are sent on, rather than fetched, and
    `may_measure` raises for whoever is not to read the figures."""

    def __init__(
        self,
        services: Services,
        pushes: Collection[str],
        may_measure: Callable[[web.Request], None],
    ) -> None:
        self._services = services
        self._pushes = tuple(pushes)
        self._may_measure = may_measure
        self._jobs = Jobs()
        self._stopping = False

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)
        app.on_cleanup.append(self._finish)

    def stopping(self) -> None:
        """From now on this process is not ready, though it still does what it is asked."""
        self._stopping = True

    async def healthz(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(self, request: web.Request) -> web.Response:
        """503 while the database cannot be read and written, and once a stop has begun: a balancer
        then sends customers elsewhere."""
        if self._stopping:
            return web.json_response({"status": "stopping"}, status=503)
        try:
            await self._in_time(self._services.database.check())
        except Exception as error:
            broken = {"status": "unavailable", "database": type(error).__name__}
            return web.json_response(broken, status=503)
        live = self._services.live
        return web.json_response(
            {
                "status": "ready",
                "database": "ok",
                "model": live.assistant.model,
                "refused_model": live.refused,
            }
        )

    async def metrics(self, request: web.Request) -> web.Response:
        """What the database knows is read now, and left out while it cannot be read."""
        try:
            self._may_measure(request)
        except WarmlineError as refusal:  # a worker's own server has nobody else to say it
            return web.json_response(refusal.as_json(), status=refusal.status)
        try:
            await self._in_time(self._read())
        except Exception:
            metrics.database_up.set(0)
            metrics.oldest_turn_seconds.set(math.nan)
            metrics.oldest_send_seconds.clear()
            metrics.dead_letters.clear()
            metrics.unanswered_handoffs.clear()
        metrics.tasks.set(len(asyncio.all_tasks()))
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _in_time(self, work: Coroutine[Any, Any, None]) -> None:
        # Waited for no longer, but not cut off: a write that is would leave a broken connection.
        await asyncio.wait_for(self._jobs.do(work), LONGEST_CHECK_SECONDS)

    async def _read(self) -> None:
        await self._services.database.check()
        at = now()
        async with self._services.database.read() as uow:
            counts = await uow.dead_letters.counts()
            since = await uow.turns.waiting_since()
            sends = await uow.outbox.waiting_since(self._pushes, at=at)
            unanswered = await uow.handoffs.unanswered(at=at)
        waited = (now() - since).total_seconds() if since else 0
        metrics.database_up.set(1)
        metrics.oldest_turn_seconds.set(max(waited, 0))
        for channel in self._pushes:
            waited = (at - sends[channel]).total_seconds() if channel in sends else 0
            metrics.oldest_send_seconds.labels(channel=channel).set(max(waited, 0))
        for kind, count in counts.items():
            metrics.dead_letters.labels(kind=kind).set(count)
        metrics.unanswered_handoffs.clear()  # a queue that nobody waits in any more has no row
        for (queue, level), count in unanswered.items():
            metrics.unanswered_handoffs.labels(queue=queue, level=level).set(count)

    async def _finish(self, app: web.Application) -> None:
        await self._jobs.finish()


HEALTH = web.AppKey("health", Health)
