"""Somebody else's program that is told what happens, fails as told, and checks signatures."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True, slots=True)
class Told:
    """One request, and what became of it."""

    id: str
    event: str
    timestamp: str
    signature: str
    body: str
    trouble: str

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    def is_signed_with(self, secret: str) -> bool:
        signed = hmac.new(secret.encode(), f"{self.timestamp}.{self.body}".encode(), hashlib.sha256)
        return hmac.compare_digest(self.signature, f"sha256={signed.hexdigest()}")


@dataclass
class Receiver:
    """Accepts everything, but for the `troubles` in line; while it is `down`, nothing.

    Troubles: a status, such as "500"; "429" with `retry_after`; "hang"; and "reset".
    """

    retry_after: str = "1"
    down: bool = False
    troubles: deque[str] = field(default_factory=deque)
    calls: list[Told] = field(default_factory=list)
    url: str = ""

    @property
    def taken(self) -> list[Told]:
        return [told for told in self.calls if not told.trouble]

    def events(self) -> list[str]:
        """What was accepted, in order."""
        return [told.event for told in self.taken]

    async def take(self, request: web.Request) -> web.StreamResponse:
        trouble = "hang" if self.down else self.troubles.popleft() if self.troubles else ""
        headers = request.headers
        self.calls.append(
            Told(
                headers["X-Warmline-Delivery"],
                headers["X-Warmline-Event"],
                headers["X-Warmline-Timestamp"],
                headers["X-Warmline-Signature"],
                await request.text(),
                trouble,
            )
        )
        if trouble == "hang":
            await asyncio.sleep(60)
        if trouble == "reset" and request.transport is not None:
            request.transport.abort()
        if trouble.isdecimal():
            told = {"Retry-After": self.retry_after} if trouble == "429" else {}
            return web.Response(status=int(trouble), headers=told)
        return web.Response(status=204)


@asynccontextmanager
async def receiving(receiver: Receiver | None = None) -> AsyncIterator[Receiver]:
    """It listens for as long as the block runs."""
    receiver = receiver or Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    async with TestServer(app) as server:
        server.skip_url_asserts = True
        receiver.url = str(server.make_url("/hook"))
        yield receiver
