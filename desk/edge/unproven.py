"""Bodies that are read before anybody knows who sent them: a webhook's proof is in its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

from aiohttp import web

from bot.errors import Unavailable
from bot.webhooks import LONG_BODY, LONGEST_BODY
from desk.client_address import client_address
from desk.edge.crowd import Crowd
from desk.edge.rates import is_this_machine

MOST_LONG = 20  # of one address at once; providers send long ones seldom, and again when refused


class UnprovenBodies:
    """Long ones count by address from where they become long; of short ones a provider may send
    hundreds at once."""

    def __init__(self) -> None:
        self._crowd = Crowd(MOST_LONG)

    @asynccontextmanager
    async def read(self, request: web.Request) -> AsyncIterator[bytes]:
        """All of it, counted until the block ends. Raise Unavailable where the address sends too
        many."""
        body = bytearray()
        with ExitStack() as counted:
            async for piece in request.content.iter_any():
                if len(body) < LONG_BODY <= len(body) + len(piece):
                    counted.enter_context(self._among(client_address(request)))
                body += piece
                if len(body) > LONGEST_BODY:
                    raise web.HTTPRequestEntityTooLarge(LONGEST_BODY, len(body))
            yield bytes(body)

    @contextmanager
    def _among(self, address: str) -> Iterator[None]:
        if is_this_machine(address):
            yield
            return
        if not self._crowd.enter(address):
            raise Unavailable("Too many long requests at once: send it again later.")
        try:
            yield
        finally:
            self._crowd.leave(address)
