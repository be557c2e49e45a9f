"""The doorbells and limits of one process: in its memory, or shared with others through Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.exceptions import TimeoutError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt

from bot.events import EventBus, MemoryEventBus, MemoryTurnQueue, TurnQueue
from bot.limits import Limits, MemoryLimits
from bot.redis_bus import RedisEventBus
from bot.redis_limits import RedisLimits
from bot.redis_link import RedisLink
from bot.redis_turns import RedisTurnQueue

# Half a second is long for a customer, and short for a machine on which everything starts at once.
_PATIENTLY = AsyncRetrying(
    retry=retry_if_exception_type(TimeoutError), stop=stop_after_attempt(6), reraise=True
)


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
            for step in (link.commands.ping, bus.start, queue.start):
                async for attempt in _PATIENTLY.copy():
                    with attempt:
                        await step()
        yield Coordination(bus, queue, RedisLimits(link), link)
    finally:
        await bus.stop()
        await queue.stop()
        await link.aclose()
