"""One bucket and one pause a channel for all processes, kept in Redis by Redis's own clock.

While Redis is away each process counts for itself: all of them together may then send faster than
the limit, and learn of a pause only from the provider.
"""

from __future__ import annotations

import math

from bot.limits import MemoryLimits
from bot.messages import Limit
from bot.redis_link import RedisLink

# Milliseconds to wait, 0 when a token was taken. A bucket that nobody asks is full when it expires.
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
local wait = 0
if tokens >= 1 then
  tokens = tokens - 1
else
  wait = math.ceil((1 - tokens) * 1000 / rate)
end
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
        rate, burst = (limit.messages_a_second, limit.burst) if limit else (0, 0)
        wait = await self._link.ask(self._take(keys=self._keys(channel), args=[rate, burst]))
        if wait is None:
            return await self._local.take(channel, limit)
        return int(wait) / 1000

    async def pause(self, channel: str, seconds: float) -> None:
        await self._local.pause(channel, seconds)
        milliseconds = max(1, math.ceil(seconds * 1000))
        _bucket, pause = self._keys(channel)
        await self._link.ask(self._pause(keys=[pause], args=[milliseconds]))

    def _keys(self, channel: str) -> tuple[str, str]:
        """The channel's bucket and its pause, in one slot of a cluster."""
        place = f"{self._link.prefix}limit:{{{channel}}}"
        return f"{place}:bucket", f"{place}:pause"
