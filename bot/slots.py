"""How many turns compute at once: few, so that a message never waits long to be acknowledged.

Turns share the event loop with the requests that bring messages, and computing one more at the same
time makes none of them faster. While a turn waits for something outside, such as an action's shop,
its slot is another's.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# One computes on the loop while another's message is being understood in its thread.
SLOTS = 2


@dataclass(slots=True, eq=False)
class _Hold:
    """One task's slot; `held` is False while it is lent, and after it could not be taken back."""

    slots: Slots
    held: bool = True


_mine: ContextVar[_Hold | None] = ContextVar("slot", default=None)


class Slots:
    """Slots for the turns of one process, given in the order of asking; a turn that comes back from
    outside goes first, because ending a turn serves a customer and beginning one does not."""

    def __init__(self, count: int = SLOTS) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._returning: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Hold a slot for as long as the block runs, except while it is `outside`."""
        await self._take(self._waiting)
        hold = _Hold(self)
        token = _mine.set(hold)
        try:
            yield
        finally:
            _mine.reset(token)
            if hold.held:
                self._give()

    async def _take(self, queue: deque[asyncio.Future[None]]) -> None:
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give()  # it had just been given
            raise

    def _give(self) -> None:
        for queue in (self._returning, self._waiting):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._free += 1

    @asynccontextmanager
    async def lent(self, hold: _Hold) -> AsyncIterator[None]:
        """Let others have the slot for as long as the block runs."""
        self._give()
        hold.held = False
        try:
            yield
        finally:
            # Cut off while it waits here, the task has no slot to give back.
            await self._take(self._returning)
            hold.held = True


@asynccontextmanager
async def outside() -> AsyncIterator[None]:
    """Wait for something outside the process without keeping this task's slot, if it has one."""
    hold = _mine.get()
    if hold is None:
        yield
        return
    async with hold.slots.lent(hold):
        yield
