"""How fast a channel may be sent to: a token a message, and a pause when its provider asks for one.

The bucket here is one process's own; bot.redis_limits shares one among many.
"""

from __future__ import annotations

import time
from typing import Protocol

from cachetools import LRUCache

from bot.messages import Limit

# Buckets, some 15 MB of them. Whoever has more names than this to ask by needs no bucket to fill.
MOST = 50_000


class Limits(Protocol):
    """One bucket and one pause a channel, or whatever else is counted under a name of its own. It
    never fails whoever wants to send."""

    async def take(self, channel: str, limit: Limit | None) -> float:
        """Take a token: 0.0 when there was one, otherwise the seconds after which to ask again.

        Without a limit only a pause stands in the way.
        """

    async def look(self, channel: str, limit: Limit) -> float:
        """What `take` would answer now; nothing is taken."""

    async def pause(self, channel: str, seconds: float) -> None:
        """Give out no token for so long; a longer pause that is on already stays."""


class MemoryLimits:
    """The buckets and pauses of one process: of very many names those asked for last are kept."""

    def __init__(self, most: int = MOST) -> None:
        # Tokens, and when they were counted.
        self._buckets: LRUCache[str, tuple[float, float]] = LRUCache(most)
        self._paused_until: LRUCache[str, float] = LRUCache(most)

    def __len__(self) -> int:
        return len(self._buckets) + len(self._paused_until)

    async def take(self, channel: str, limit: Limit | None) -> float:
        return self._ask(channel, limit, tokens=1)

    async def look(self, channel: str, limit: Limit) -> float:
        return self._ask(channel, limit, tokens=0)

    def _ask(self, channel: str, limit: Limit | None, *, tokens: int) -> float:
        """Take so many tokens if there is one at all."""
        at = time.monotonic()
        paused = self._paused_until.get(channel, 0.0) - at
        if paused > 0:
            return paused
        if limit is None:
            return 0.0
        inside, counted_at = self._buckets.get(channel, (float(limit.burst), at))
        inside = min(limit.burst, inside + (at - counted_at) * limit.messages_a_second)
        missing = max(0.0, 1 - inside)
        self._buckets[channel] = (inside if missing else inside - tokens, at)
        return missing / limit.messages_a_second

    async def pause(self, channel: str, seconds: float) -> None:
        until = time.monotonic() + seconds
        self._paused_until[channel] = max(until, self._paused_until.get(channel, 0.0))
