"""`/healthz`: the process lives. `/readyz`: it can do its work. `/metrics`: how it goes."""

from __future__ import annotations

import asyncio

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import metrics
from bot.clock import now
from bot.records import LetterKind
from bot.services import Services

LONGEST_CHECK_SECONDS = 2.0


class Health:
    def __init__(self, services: Services) -> None:
        self._services = services

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)

    async def healthz(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(self, request: web.Request) -> web.Response:
        """503 while the database cannot be read: a balancer then sends customers elsewhere."""
        try:
            await asyncio.wait_for(self._read(), LONGEST_CHECK_SECONDS)
        except Exception as error:
            broken = {"status": "unavailable", "database": type(error).__name__}
            return web.json_response(broken, status=503)
        return web.json_response(
            {"status": "ready", "database": "ok", "model": self._services.assistant.model}
        )

    async def metrics(self, request: web.Request) -> web.Response:
        """What the database knows is read now, and left out while it cannot be read."""
        try:
            counts = await asyncio.wait_for(self._dead_letters(), LONGEST_CHECK_SECONDS)
        except Exception:
            counts = {}
            metrics.dead_letters.clear()
        for kind, count in counts.items():
            metrics.dead_letters.labels(kind=kind).set(count)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _read(self) -> None:
        async with self._services.database.read() as uow:
            await uow.turns.untaken(at=now(), limit=1)

    async def _dead_letters(self) -> dict[LetterKind, int]:
        async with self._services.database.read() as uow:
            return await uow.dead_letters.counts()
