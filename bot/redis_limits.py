"""One bucket and one pause a channel for all processes, kept in Redis by Redis's own clock.

While Redis is away each process counts for itself: all of them together may then send faster than
the limit, and learn of a pause only from the provider.
"""

from __future__ import annotations

import math

from bot.limits import MemoryLimits
from bot.messages import Limit
from bot.redis_link import RedisLink

# Milliseconds to wait, 0 when there was a token; ARGV[3] says how many to take then; fewer than
# none are put back. A bucket that nobody asks is full when it expires.
TAKE = """
local paused = redis.call('PTTL', KEYS[2])
if paused >= 0 then return paused + 1 end
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
if rate == 0 then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or burst
local since = math.max(0, now - (tonumber(bucket[2]) or now))
tokens = math.min(burst, tokens + since * rate / 1000)
local wait, taken = 0, tonumber(ARGV[3])
if tokens < 1 then wait = math.ceil((1 - tokens) * 1000 / rate) end
if wait == 0 or taken < 0 then tokens = math.min(burst, tokens - taken) end
tokens, now = string.format('%.6f', tokens), string.format('%.3f', now)
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(burst * 1000 / rate) + 1000)
return wait
"""
PAUSE = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
end
return 1
"""


class RedisLimits:
    """Limits in Redis, or in this process alone while there is none."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._local = MemoryLimits()
        self._take = link.commands.register_script(TAKE)
        self._pause = link.commands.register_script(PAUSE)

    async def take(self, channel: str, limit: Limit | None) -> float:
        # A pause this process was told of holds, even if Redis was emptied since.
        paused = await self._local.take(channel, None)
        if paused:
            return paused
        wait = await self._ask(channel, limit, tokens=1)
        return await self._local.take(channel, limit) if wait is None else wait

    async def give_back(self, channel: str, limit: Limit) -> None:
        if await self._ask(channel, limit, tokens=-1) is None:
            await self._local.give_back(channel, limit)

    async def look(self, channel: str, limit: Limit) -> float:
        wait = await self._ask(channel, limit, tokens=0)
        return await self._local.look(channel, limit) if wait is None else wait

    async def _ask(self, channel: str, limit: Limit | None, *, tokens: int) -> float | None:
        """None while Redis is away."""
        rate, burst = (limit.messages_a_second, limit.burst) if limit else (0, 0)
        wait = await self._link.ask(
            self._take(keys=self._keys(channel), args=[rate, burst, tokens])
        )
        return None if wait is None else int(wait) / 1000

    async def pause(self, channel: str, seconds: float) -> None:
        await self._local.pause(channel, seconds)
        milliseconds = max(1, math.ceil(seconds * 1000))
        _bucket, pause = self._keys(channel)
        await self._link.ask(self._pause(keys=[pause], args=[milliseconds]))

    def _keys(self, channel: str) -> tuple[str, str]:
        """The channel's bucket and its pause, in one slot of a cluster."""
        place = f"{self._link.prefix}limit:{{{channel}}}"
        return f"{place}:bucket", f"{place}:pause"
