"""Reading a customer's context once a turn, and ahead of the need: beside the understanding of
their message, so that an action finds it there."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

from actions.context import shop
from actions.context.model import CustomerContext

Reads = dict[str, "asyncio.Task[CustomerContext | None]"]

# One turn's reads; actions of the turn run in its task, or in tasks begun by it.
_reads: ContextVar[Reads | None] = ContextVar("reads", default=None)


def begin_reads(reference: str | None) -> None:
    """A turn begins; the customer's context, if they are known, is being read from now on."""
    _reads.set({})
    if reference is not None:
        _read(reference)


async def context_of(reference: str) -> CustomerContext | None:
    """The context as this turn read it. Raises ShopUnavailable."""
    return await asyncio.shield(_read(reference))


def forget(reference: str) -> None:
    """Something was changed: whoever asks again reads again."""
    reads = _reads.get()
    if reads is not None:
        reads.pop(reference, None)


def _read(reference: str) -> asyncio.Task[CustomerContext | None]:
    reads = _reads.get()
    if reads is None:  # an action server of its own has no turns
        reads = {}
    task = reads.get(reference)
    if task is None:
        task = reads[reference] = asyncio.create_task(shop().context(reference))
        task.add_done_callback(_look)
    return task


def _look(task: asyncio.Task[CustomerContext | None]) -> None:
    """A read that nobody came to need may have failed: then there is nothing to say about it."""
    if not task.cancelled():
        task.exception()
