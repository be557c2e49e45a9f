"""A bank over HTTP that counts the refunds it makes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

KEYED = "makes nothing twice under one key"
ASKED = "can be asked"
NEITHER = "takes no key and cannot be asked"
BUSY_SECONDS = 0.03


@dataclass
class FakeBank:
    """`kind` is what it can do; `made` holds the message each refund belongs to, under its key."""

    kind: str = ASKED
    made: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def refunds(self) -> Counter[str]:
        """How many were made for each message."""
        return Counter(message_id for _, message_id in self.made)

    async def make(self, request: web.Request) -> web.Response:
        asked = await request.json()
        await asyncio.sleep(BUSY_SECONDS)
        if self.kind != KEYED or not self._knows(asked["key"]):
            self.made.append((asked["key"], asked["message_id"]))
        return web.json_response({"receipt": asked["key"][:8]})

    async def find(self, request: web.Request) -> web.Response:
        assert self.kind == ASKED
        key = request.query["key"]
        return web.json_response({"receipt": key[:8]} if self._knows(key) else None)

    def _knows(self, key: str) -> bool:
        return any(key == known for known, _ in self.made)


@asynccontextmanager
async def bank(kind: str) -> AsyncIterator[FakeBank]:
    """A bank that is open until the block ends."""
    fake = FakeBank(kind)
    app = web.Application()
    app.router.add_post("/refunds", fake.make)
    app.router.add_get("/refunds", fake.find)
    server = TestServer(app)
    await server.start_server()
    fake.url = str(server.make_url("/refunds"))
    try:
        yield fake
    finally:
        await server.close()
