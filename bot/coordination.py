"""The doorbells and limits of one process: in its memory, or shared with others through Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.events import EventBus, MemoryEventBus, MemoryTurnQueue, TurnQueue
from bot.limits import Limits, MemoryLimits
from bot.redis_bus import RedisEventBus
from bot.redis_limits import RedisLimits
from bot.redis_link import RedisLink
from bot.redis_turns import RedisTurnQueue


@dataclass(frozen=True, slots=True)
class Coordination:
    """`redis` is None where there is only this process."""

    bus: EventBus
    queue: TurnQueue
    limits: Limits
    redis: RedisLink | None


@asynccontextmanager
async def coordinated(
    redis_url: str | None, *, stands_back: bool = False
) -> AsyncIterator[Coordination]:
    """Open what the setting asks for; whoever `stands_back` leaves turns to workers, if any.

    Raises SetupError when Redis is away or refuses.
    """
    if redis_url is None:
        yield Coordination(MemoryEventBus(), MemoryTurnQueue(), MemoryLimits(), redis=None)
        return
    link = RedisLink(redis_url)
    bus, queue = RedisEventBus(link), RedisTurnQueue(link, stands_back=stands_back)
    try:
        with link.refusals():
            await link.commands.ping()
            await bus.start()
            await queue.start()
        yield Coordination(bus, queue, RedisLimits(link), link)
    finally:
        await bus.stop()
        await queue.stop()
        await link.aclose()
