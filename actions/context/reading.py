"""Reading about a customer once a turn, and ahead of the need: beside the understanding of their
message, so that an action finds it there."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

from actions.context import shop
from actions.context.errors import ShopUnavailable
from actions.context.model import CustomerContext

#: So long a message waits to be told whose address it came from; then a guest wrote it.
RECOGNISING_SECONDS = 1.0
#: So long an answer waits for what could only make it a better one.
EXTRA_SECONDS = 0.3
#: The shop's words for where an address is one, by Warmline's channels.
_KINDS = {
    "twilio": "sms",
    "whatsapp": "whatsapp",
    "telegram": "telegram",
    "facebook": "facebook",
    "instagram": "instagram",
    "slack": "slack",
}


@dataclass(slots=True)
class Reads:
    """What one turn has read of the shop, or is reading."""

    contexts: dict[str, asyncio.Task[CustomerContext | None]] = field(default_factory=dict)
    owner: asyncio.Task[str | None] | None = None


# Actions of a turn run in its task, or in tasks begun by it.
_reads: ContextVar[Reads | None] = ContextVar("reads", default=None)


def begin_reads() -> Reads:
    """A turn begins, and nothing has been read in it."""
    reads = Reads()
    _reads.set(reads)
    return reads


def read_ahead(reference: str | None, channel: str, address: str | None) -> None:
    """From now on the customer's context is being read, if they are known, or otherwise looked up
    by the address they write from."""
    reads = _reads.get() or begin_reads()
    if reference is not None:
        _read(reference)
    elif address is not None and (on_file := as_on_file(channel, address)):
        reads.owner = asyncio.create_task(_owner_of(*on_file))
        reads.owner.add_done_callback(_look)


async def recognised() -> str | None:
    """The reference of whose address the turn's message came from, if the shop knows it in time."""
    reads = _reads.get()
    if reads is None or reads.owner is None:
        return None
    try:
        return await asyncio.wait_for(asyncio.shield(reads.owner), RECOGNISING_SECONDS)
    except (asyncio.TimeoutError, ShopUnavailable):
        return None


async def context_of(reference: str) -> CustomerContext | None:
    """The context as this turn read it. Raises ShopUnavailable."""
    return await asyncio.shield(_read(reference))


async def context_in_time(reference: str) -> CustomerContext | None:
    """The same, if it is there soon: for what a message can be answered without."""
    try:
        return await asyncio.wait_for(context_of(reference), EXTRA_SECONDS)
    except (asyncio.TimeoutError, ShopUnavailable):
        return None


def membership_read(today: date) -> str | None:
    """The plan of the customer's membership, "" for none: as far as this turn has read about one
    customer by now. None where it has not, for nobody is kept waiting to be told apart."""
    reads = _reads.get()
    read = [
        task.result()
        for task in (reads.contexts.values() if reads else ())
        if task.done() and not task.cancelled() and task.exception() is None
    ]
    if len(read) != 1 or read[0] is None:
        return None
    membership = read[0].membership
    if membership is None or not membership.since <= today <= membership.until:
        return ""
    return membership.plan.strip()


def forget(reference: str) -> None:
    """Something was changed: whoever asks again reads again."""
    reads = _reads.get()
    if reads is not None:
        reads.contexts.pop(reference, None)


def as_on_file(channel: str, address: str) -> tuple[str, str] | None:
    """A channel and an address as the shop has them on file; None where it can have none."""
    kind = _KINDS.get(channel.partition(".")[0])
    if kind is None:
        return None
    return kind, f"+{address.removeprefix('+')}" if kind in ("sms", "whatsapp") else address


async def _owner_of(kind: str, address: str) -> str | None:
    reference = await shop().reference_at(kind, address)
    if reference is not None:
        _read(reference)
    return reference


def _read(reference: str) -> asyncio.Task[CustomerContext | None]:
    # An action server of its own has no turns: there each question reads for itself.
    reads = _reads.get() or Reads()
    task = reads.contexts.get(reference)
    if task is None:
        task = reads.contexts[reference] = asyncio.create_task(shop().context(reference))
        task.add_done_callback(_look)
    return task


def _look(task: asyncio.Task[CustomerContext | None] | asyncio.Task[str | None]) -> None:
    """A read that nobody came to need may have failed: then there is nothing to say about it."""
    if not task.cancelled():
        task.exception()
