"""Who is online in any process: a sorted set in Redis, in which whoever is not renewed expires.

A member is a process and a user, its score the time on Redis's clock until which it holds. So a
process that dies takes nobody off line who has a page open elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from bot.clock import new_id
from bot.jobs import end
from bot.redis_link import RedisLink
from desk.presence import MemoryPresence, Presence

EXPIRY_SECONDS = 20
RENEW_SECONDS = 5.0
RETRY_SECONDS = 1.0

# KEYS: the set. ARGV: seconds, the process's name, and its users.
RENEW = """
local now = tonumber(redis.call('TIME')[1])
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, 1, #ARGV[2] + 1) == ARGV[2] .. '/' then
    redis.call('ZREM', KEYS[1], member)
  end
end
for i = 3, #ARGV do
  redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[2] .. '/' .. ARGV[i])
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""
LOOK = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', redis.call('TIME')[1])
return redis.call('ZRANGE', KEYS[1], 0, -1)
"""


class RedisPresence:
    """This process's users from its memory, the others' from Redis; only these while it is away."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._local = MemoryPresence()
        self._process = new_id()
        self._key = f"{link.prefix}online"
        self._renew = link.commands.register_script(RENEW)
        self._look = link.commands.register_script(LOOK)
        self._changed = asyncio.Event()
        self._renewing: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._renewing = asyncio.create_task(self._keep_renewed())

    async def stop(self) -> None:
        if self._renewing is not None:
            await end(self._renewing)
        await self._write(frozenset())

    @contextmanager
    def here(self, user_id: str) -> Iterator[None]:
        try:
            with self._local.here(user_id):
                self._changed.set()
                yield
        finally:
            self._changed.set()

    async def online(self) -> frozenset[str]:
        members: list[str] = await self._link.ask(self._look(keys=[self._key])) or []
        shared = (member.partition("/") for member in members)
        elsewhere = (user_id for process, _, user_id in shared if process != self._process)
        return (await self._local.online()).union(elsewhere)

    async def _keep_renewed(self) -> None:
        written = True
        while True:
            with contextlib.suppress(asyncio.TimeoutError):
                pause = RENEW_SECONDS if written else RETRY_SECONDS
                await asyncio.wait_for(self._changed.wait(), pause)
            self._changed.clear()
            written = await self._write(await self._local.online())

    async def _write(self, users: frozenset[str]) -> bool:
        words: list[str | int] = [EXPIRY_SECONDS, self._process, *sorted(users)]
        return await self._link.ask(self._renew(keys=[self._key], args=words)) is not None


@asynccontextmanager
async def opened_presence(link: RedisLink | None) -> AsyncIterator[Presence]:
    """Presence in this process, or shared where there is a Redis."""
    if link is None:
        yield MemoryPresence()
        return
    presence = RedisPresence(link)
    presence.start()
    try:
        yield presence
    finally:
        await presence.stop()
