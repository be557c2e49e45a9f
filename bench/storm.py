"""How soon a channel's messages go out while another channel's provider fails, or only hangs.

    uv run python -m bench.storm --engine postgresql

In one process, over memory: a message is written on the healthy channel every 30 ms, and the clock
runs from its commit to when its provider has it. First alone; then beside a channel with a backlog
whose provider fails three times in ten, as soon as it is asked or after a while; then beside one
whose provider never answers. docs/benchmarks.md says how to read the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from bench.backing import ENGINES, Engine, servers
from bench.in_process import in_process
from bench.programs import to_the_end
from bench.report import percentile
from bot.clock import new_id, now
from bot.delivery import Delivery as Deliveries
from bot.errors import AnswerLost, NotNow
from bot.events import line_to_send
from bot.intake import receive
from bot.messages import Delivery, InboundMessage, Limit, OutboundMessage, Receipt
from bot.services import Services
from bot.transcript import add_message

SECONDS = 10.0
EVERY_SECONDS = 0.03
ADDRESSES = 20
BACKLOG = 40  # messages to each address of the channel in trouble
PROVIDER_SECONDS = 0.02
ANSWER_SECONDS = 0.3  # how long the failing one keeps us waiting, half of the times
FAILURES = 0.3

Answer = Callable[[], Awaitable[None]]


@dataclass
class Channel:
    """A channel whose provider does what `answer` does; `taken` is when it had each text."""

    name: str
    answer: Answer
    limit: Limit | None = None
    delivery: Delivery = "push"
    repeatable: bool = True
    taken: dict[str, float] = field(default_factory=dict)
    one_more: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, outbound: OutboundMessage) -> Receipt:
        self.taken.setdefault(outbound.text, time.perf_counter())
        self.one_more.set()
        await self.answer()
        return Receipt("sent", outbound.id)


async def answers() -> None:
    await asyncio.sleep(PROVIDER_SECONDS)


async def fails_at_times() -> None:
    await answers()
    drawn = random.random()  # noqa: S311
    if drawn < FAILURES / 2:
        raise NotNow("500")
    if drawn < FAILURES:
        await asyncio.sleep(ANSWER_SECONDS)
        raise AnswerLost("no_answer")


async def hangs() -> None:
    await asyncio.Event().wait()


BESIDE: dict[str, Answer | None] = {
    "alone": None,
    "beside one that fails": fails_at_times,
    "beside one that hangs": hangs,
}


async def measure(engine: Engine, seconds: float) -> dict[str, list[float]]:
    """Milliseconds of each message on the healthy channel, by what was beside it."""
    found = {}
    async with servers(engine) as up:
        for name, answer in BESIDE.items():
            async with (
                up.backing(with_redis=False) as backing,
                in_process(backing.database_url, None) as here,
            ):
                found[name] = await _waits(here.services, answer, seconds)
    return found


async def _waits(services: Services, beside: Answer | None, seconds: float) -> list[float]:
    healthy = Channel("healthy", answers)
    channels = [healthy]
    if beside is not None:
        channels.append(Channel("trouble", beside, Limit(messages_a_second=60, burst=8)))
        for number in range(BACKLOG):
            await asyncio.gather(
                *(_write(services, "trouble", f"{n}", f"{number}") for n in range(ADDRESSES))
            )
    deliveries = Deliveries(services, {each.name: each for each in channels})
    deliveries.start()
    try:
        written = await _write_evenly(services, seconds)
        while len(healthy.taken) < len(written):
            healthy.one_more.clear()
            await healthy.one_more.wait()
    finally:
        await deliveries.stop()
    return [(healthy.taken[text] - at) * 1000 for text, at in written.items()]


async def _write_evenly(services: Services, seconds: float) -> dict[str, float]:
    """When each text was committed."""
    written: dict[str, float] = {}
    begun = time.perf_counter()
    for number in range(round(seconds / EVERY_SECONDS)):
        await asyncio.sleep(max(0.0, begun + number * EVERY_SECONDS - time.perf_counter()))
        await _write(services, "healthy", f"{number % ADDRESSES}", f"{number}")
        written[f"{number}"] = time.perf_counter()
    return written


async def _write(services: Services, channel: str, address: str, text: str) -> None:
    """A line of the bot that its sender is told of."""
    said = await receive(services, InboundMessage(channel, address, new_id(), "hello"))
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(said.message.conversation_id)
        if conversation is None:
            raise LookupError(said.message.conversation_id)
        line, _ = await add_message(uow, conversation, author="bot", text=text, at=now())
    await services.bus.publish(line_to_send(conversation.id, line.id, channel))


def table(found: dict[str, list[float]]) -> Table:
    """For the terminal: milliseconds by percentile."""
    shown = Table("ms from commit to provider", *("p50", "p95", "p99"), box=None, pad_edge=False)
    for name, waits in found.items():
        shown.add_row(name, *(f"{percentile(waits, share):.1f}" for share in (0.5, 0.95, 0.99)))
    return shown


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.storm",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each line")
    wanted = parser.parse_args()
    busy = os.getloadavg()[0]
    logging.disable(logging.WARNING)  # each failure is logged, as it should be
    found = to_the_end(measure(wanted.engine, wanted.seconds))
    console = Console(highlight=False)
    console.print(table(found))
    console.print(f"\n{os.cpu_count()} cores; load average before: {busy:.1f}.")


if __name__ == "__main__":
    main()
