"""Leases: a right that lasts while its holder renews it, and runs out soon after they died.

Nothing but the database has to know who is alive. A holder that froze for longer than the lease
finds somebody else's name in it when it comes to write, and writes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.clock import now

log = logging.getLogger(__name__)

# With the worker's sweep, a dead process holds nothing up for longer than five seconds.
LEASE = timedelta(seconds=3.5)
RENEW_SECONDS = 1.0
# Nobody puts the end of a lease, or a turn's next attempt, further ahead. One that is was written
# before a clock was set back, and is over. More than a lease, since clocks differ a little.
FURTHEST = timedelta(seconds=5)

Renew = Callable[[datetime], Awaitable[None]]


def lease_end() -> datetime:
    """When a lease taken or renewed now runs out."""
    return now() + LEASE


@asynccontextmanager
async def kept(renew: Renew) -> AsyncIterator[None]:
    """Renew the lease every second for as long as the block runs; `renew` gets its new end."""
    over = asyncio.Event()
    renewing = asyncio.create_task(_renew(renew, over))
    try:
        yield
    finally:
        # Told, not cancelled: cut off in the middle, a write would leave a broken connection.
        over.set()
        await renewing


async def _renew(renew: Renew, over: asyncio.Event) -> None:
    while True:
        try:
            await asyncio.wait_for(over.wait(), RENEW_SECONDS)
            return
        except asyncio.TimeoutError:
            pass
        try:
            await renew(lease_end())
        except Exception as error:
            # There are two more tries before it runs out, and then the commit refuses.
            log.warning("lease_not_renewed error=%s", type(error).__name__)
