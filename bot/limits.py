"""How fast a channel may be sent to: a token a message, and a pause when its provider asks for one.

The bucket here is one process's own; bot.redis_limits shares one among many.
"""

from __future__ import annotations

import time
from typing import Protocol

from bot.messages import Limit

CROWDED = 10_000  # buckets, before the first look for full ones
MOST = 100_000  # buckets, whoever asks: some 30 MB


class Limits(Protocol):
    """One bucket and one pause a channel, or whatever else is counted under a name of its own. It
    never fails whoever wants to send."""

    async def take(self, channel: str, limit: Limit | None) -> float:
        """Take a token: 0.0 when there was one, otherwise the seconds after which to ask again.

        Without a limit only a pause stands in the way.
        """

    async def give_back(self, channel: str, limit: Limit) -> None:
        """Put a token back that was taken for nothing."""

    async def look(self, channel: str, limit: Limit) -> float:
        """What `take` would answer now; nothing is taken."""

    async def pause(self, channel: str, seconds: float) -> None:
        """Give out no token for so long; a longer pause that is on already stays."""


class MemoryLimits:
    """The buckets and pauses of one process."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        # Tokens, when they were counted, and when the bucket is full again.
        self._buckets: dict[str, tuple[float, float, float]] = {}
        self._paused_until: dict[str, float] = {}
        self._crowded = min(most, CROWDED)

    def __len__(self) -> int:
        return len(self._buckets)

    async def take(self, channel: str, limit: Limit | None) -> float:
        return self._ask(channel, limit, tokens=1)

    async def give_back(self, channel: str, limit: Limit) -> None:
        self._ask(channel, limit, tokens=-1)

    async def look(self, channel: str, limit: Limit) -> float:
        return self._ask(channel, limit, tokens=0)

    def _ask(self, channel: str, limit: Limit | None, *, tokens: int) -> float:
        """Take so many tokens if there is one at all; fewer than none are put back."""
        at = time.monotonic()
        if len(self._buckets) >= self._crowded:
            self._forget_full(at)
        paused = self._paused_until.get(channel, 0.0) - at
        if paused > 0:
            return paused
        if limit is None:
            return 0.0
        inside, counted_at, _ = self._buckets.get(channel, (float(limit.burst), at, at))
        inside = min(limit.burst, inside + (at - counted_at) * limit.messages_a_second)
        missing = max(0.0, 1 - inside)
        left = inside if missing and tokens > 0 else min(limit.burst, inside - tokens)
        full_at = at + (limit.burst - left) / limit.messages_a_second
        self._buckets[channel] = (left, at, full_at)
        return missing / limit.messages_a_second

    def _forget_full(self, at: float) -> None:
        """Keep no bucket that has filled up by now; of too many, those that soonest will have: what
        is far from full is what somebody has overdone."""
        kept = [one for one in self._buckets.items() if one[1][2] > at]
        if len(kept) > self._most // 2:
            kept = sorted(kept, key=lambda one: one[1][2])[-(self._most // 2) :]
        self._buckets = dict(kept)
        self._crowded = min(self._most, max(CROWDED, 2 * len(kept)))

    async def pause(self, channel: str, seconds: float) -> None:
        until = time.monotonic() + seconds
        self._paused_until[channel] = max(until, self._paused_until.get(channel, 0.0))
