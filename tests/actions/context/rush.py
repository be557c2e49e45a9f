"""Several processes that ask the shop for the same thing at the same moment."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from actions.context.changes import Change, Changed
from actions.context.demo_changes import apply_to_file, apply_to_server
from tests.actions.context.shops import NOW

PATIENCE_SECONDS = 120


def rush(url: str, attempts: Sequence[tuple[str, Change]]) -> list[Changed]:
    """Each attempt (a key and a change) made by a process of its own, all at once."""
    # Forked from a process that has no threads and has imported everything, which takes seconds.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    together, results = context.Barrier(len(attempts)), context.Queue()
    processes = [
        context.Process(target=_attempt, args=(url, key, change, together, results))
        for key, change in attempts
    ]
    for process in processes:
        process.start()
    try:
        return [results.get(timeout=PATIENCE_SECONDS) for _ in processes]
    finally:
        for process in processes:
            process.join(PATIENCE_SECONDS)


def _attempt(url: str, key: str, change: Change, together: Barrier, results: Queue[Any]) -> None:
    results.put(asyncio.run(_apply(url, key, change, together)))


async def _apply(url: str, key: str, change: Change, together: Barrier) -> Changed:
    if url.startswith("sqlite"):
        file = sa.create_engine(url, connect_args={"timeout": PATIENCE_SECONDS})
        together.wait(PATIENCE_SECONDS)
        return apply_to_file(file, key, change, NOW)
    server = create_async_engine(make_url(url))
    async with server.connect():  # so that nobody loses time over it later
        pass
    together.wait(PATIENCE_SECONDS)
    try:
        return await apply_to_server(server, key, change, NOW)
    finally:
        await server.dispose()
