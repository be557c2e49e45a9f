"""What each request goes through before it is handled: how often, how many at once, how slowly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from bot.errors import TooMany, WarmlineError
from bot.limits import Limits, MemoryLimits
from desk.client_address import client_address
from desk.edge.connection import Connection
from desk.edge.crowd import Crowd
from desk.edge.patience import Patience
from desk.edge.rates import check_rate, is_this_machine, rate_of
from desk.web import Handler

MOST_AT_ONCE = 500  # requests of one address, the open sockets and long polls among them
LONGEST_WAITED_FOR = 5 * 1024 * 1024  # bytes; a request may claim to be any length


class TooSlow(WarmlineError, asyncio.TimeoutError):
    """The body did not arrive in time; a time-out for aiohttp, which then reads no further."""

    status = 408
    code = "too_slow"


class Admission:
    """The middleware; `limits` count what all processes share, its own what only this one does."""

    def __init__(self, limits: Limits, patience: Patience | None = None) -> None:
        self._shared = limits
        self.own = MemoryLimits()
        self._crowd = Crowd(MOST_AT_ONCE)
        self._patience = patience or Patience()

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if isinstance(request.protocol, Connection):
            request.protocol.has_asked = True
        rate = rate_of(request)
        if rate is None:
            with self._in_time(request):
                return await handler(request)
        address = client_address(request)
        await check_rate(self._shared if rate.is_shared else self.own, rate, address)
        with self._among(address), self._in_time(request):
            return await handler(request)

    @contextmanager
    def _among(self, address: str) -> Iterator[None]:
        if is_this_machine(address):
            yield
            return
        if not self._crowd.enter(address):
            raise TooMany("Too many connections from your network at once.", retry_after=30)
        try:
            yield
        finally:
            self._crowd.leave(address)

    @contextmanager
    def _in_time(self, request: web.Request) -> Iterator[None]:
        """End whoever waits for the body when it comes too slowly."""
        content = request.content
        if content.is_eof():
            yield
            return
        length = min(request.content_length or 0, LONGEST_WAITED_FOR)
        seconds = self._patience.body + self._patience.for_bytes(length)

        def give_up() -> None:
            if not content.is_eof():
                content.set_exception(TooSlow("The request did not arrive in time."))

        giving_up = asyncio.get_running_loop().call_later(seconds, give_up)
        try:
            yield
        finally:
            giving_up.cancel()
