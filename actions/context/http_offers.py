"""What a shop over HTTP can change: asked for ahead, because whoever wants to know cannot wait."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar, cast

from actions.context.changes import ChangeName
from actions.context.errors import ShopUnavailable

FRESH_SECONDS = 300.0
#: Before it is asked for again after it could not be.
PAUSE_SECONDS = 30.0

T = TypeVar("T")
Names = frozenset[ChangeName]


class Offers:
    """What the shop last said, which is nothing as long as it has not said so."""

    def __init__(self, read: Callable[[], Awaitable[Names]], clock: Callable[[], float]) -> None:
        self.names: Names = frozenset()
        self._read = read
        self._clock = clock
        self._due = clock()

    async def ask(self) -> None:
        """Ask now; raises as reading does, and what was said before stands."""
        self._due = self._clock() + PAUSE_SECONDS
        self.names = await self._read()
        self._due = self._clock() + FRESH_SECONDS

    async def beside(self, wanted: Coroutine[Any, Any, T]) -> T:
        """What is wanted and, meanwhile, the offers if they are due: they are wanted next."""
        if self._clock() < self._due:
            return await wanted
        # Both to their end, so that nothing is left running when one of them fails.
        both = await asyncio.gather(wanted, self._ask_if_answered(), return_exceptions=True)
        for failure in both:
            if isinstance(failure, BaseException):
                raise failure
        return cast(T, both[0])

    async def _ask_if_answered(self) -> None:
        # The client's log has why it was not; what was said before stands.
        with contextlib.suppress(ShopUnavailable):
            await self.ask()
