"""A worker's own small server: whether it lives, is ready, and how it goes; nothing else."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.operations.health import Health

LONGEST_BODY = 1024  # nobody has anything to tell it


@asynccontextmanager
async def told_over_http(health: Health, listening: socket.socket | None) -> AsyncIterator[None]:
    """Answer on that socket for as long as the block runs, if there is one."""
    if listening is None:
        yield
        return
    app = web.Application(client_max_size=LONGEST_BODY)
    health.mount(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        yield
    finally:
        await runner.cleanup()
