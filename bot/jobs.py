"""Work that a stop waits for: cut off in the middle, it would leave a broken connection behind."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
GRACE_SECONDS = 5.0


class Jobs:
    """Pieces of work in progress. Whoever waits for one may be cancelled; the work goes on."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Let it run beside; whoever starts it looks after its errors."""
        job = asyncio.create_task(work)
        self._running.add(job)
        job.add_done_callback(self._running.discard)
        return job

    async def do(self, work: Coroutine[Any, Any, T]) -> T:
        """What it comes to."""
        return await asyncio.shield(self.start(work))

    async def finish(self, grace: float = GRACE_SECONDS) -> None:
        """Wait for what is running, but not for ever: after `grace` seconds it is cut off."""
        if not self._running:
            return
        _, late = await asyncio.wait(set(self._running), timeout=grace)
        for job in late:
            job.cancel()
        if late:
            await asyncio.wait(late)


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel until it is over: on Python 3.10 `asyncio.wait_for` can swallow a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.2)
