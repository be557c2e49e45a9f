"""The server at its socket, with everything that holds for whoever connects to it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_network
from typing import cast

from aiohttp import web

from bot.jobs import end
from desk.edge.connection import Connection
from desk.edge.crowd import Crowd, Network
from desk.edge.patience import Patience

MOST_FROM_ONE_ADDRESS = 500  # connections; an office of eighty has one address and six each
# Whoever is on this machine is no stranger, and usually a proxy that was not named.
THIS_MACHINE = (ip_network("127.0.0.0/8"), ip_network("::1"), ip_network("::ffff:127.0.0.0/104"))
SHUTDOWN_SECONDS = 5.0


@asynccontextmanager
async def listening(
    app: web.Application,
    at: socket.socket,
    *,
    https: bool,
    proxies: Sequence[Network],
    patience: Patience | None = None,
    crowd: Crowd | None = None,
) -> AsyncIterator[None]:
    """Serve `app` for as long as the block lasts; `https` when browsers reach it so."""
    patience = patience or Patience()
    if crowd is None:
        crowd = Crowd(MOST_FROM_ONE_ADDRESS, uncounted=(*THIS_MACHINE, *proxies))
    runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    server = cast(web.Server, runner.server)  # `setup` made it
    connect = partial(Connection, server, crowd=crowd, patience=patience, https=https)
    listener = await asyncio.get_running_loop().create_server(connect, sock=at, backlog=1024)
    looking = asyncio.create_task(_cut_slow_ones(server, patience.look_every))
    try:
        yield
    finally:
        listener.close()
        await end(looking)
        await runner.cleanup()


async def _cut_slow_ones(server: web.Server, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        for connection in server.connections:
            if isinstance(connection, Connection):
                connection.cut_if_slow()
