"""How long the event loop keeps its tasks waiting: whatever blocks it, blocks everybody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import metrics
from bot.jobs import end

LOOK_SECONDS = 0.5


@asynccontextmanager
async def watching_loop() -> AsyncIterator[None]:
    """Measure it for as long as the block runs."""
    watching = asyncio.create_task(_watch())
    try:
        yield
    finally:
        await end(watching)


async def _watch() -> None:
    while True:
        due = time.perf_counter() + LOOK_SECONDS
        await asyncio.sleep(LOOK_SECONDS)
        metrics.loop_lag_seconds.observe(max(time.perf_counter() - due, 0.0))
