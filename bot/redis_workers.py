"""Whether any `warmline worker` takes turns: a key in Redis that each of them renews.

Serving processes stand back while there is one, so that taking turns delays no customer's request;
they take turns again a moment after the last worker has stopped, died, or had no place left.
"""

from __future__ import annotations

import time

from bot.redis_link import RedisLink

RENEW_SECONDS = 1.0
GONE_SECONDS = 3  # with the pause between two looks, below what a dead worker may cost a customer
LOOK_AGAIN_SECONDS = 0.5


class Workers:
    """One process's sign, and its look at the others'."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._key = f"{link.prefix}worker"
        self._renew_at = 0.0

    async def say_here(self) -> None:
        """Say that this worker takes turns, unless it did so a moment ago."""
        if time.monotonic() >= self._renew_at:
            self._renew_at = time.monotonic() + RENEW_SECONDS
            await self._link.commands.set(self._key, "here", ex=GONE_SECONDS)

    async def any_here(self) -> bool:
        """Whether one has said so lately."""
        return bool(await self._link.commands.exists(self._key))
