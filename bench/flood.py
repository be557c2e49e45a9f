"""How long a customer in conversation waits for answers while a flood of new visitors writes.

    uv run python -m bench.flood

`warmline demo` is started over an empty data folder. One customer talks on the widget's channel,
alone and then while two thousand new visitors each write a message as fast as they are let: what is
admitted of them is bounded (bot/abuse/limits.py), the rest is told to come again and leaves no row.
"""

from __future__ import annotations

import argparse
import asyncio
import time
import uuid
from collections.abc import Coroutine
from typing import Any, TypeVar

import aiohttp
from rich.console import Console

from bench.customers import Step, connect
from bench.report import percentile
from bench.servers import Server, warmline

T = TypeVar("T")
API = "/api/v1/widget"
QUESTION = "when are you open?"
FIRST = Step(QUESTION, "Our shop")
FLOOD = 2_000
AT_ONCE = 64
ALONE = 20
LOOK_SECONDS = 0.02
SETTLE_SECONDS = 2.0
PAUSE_SECONDS = 1.0  # of the customer's between messages: who writes faster is limited themselves


class Visitor:
    """Somebody at the widget."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._headers: dict[str, str] = {}
        self._after = 0

    async def begin(self) -> None:
        async with self._session.post(f"{API}/sessions", json={}) as response:
            token = (await response.json()).get("token", "")
        self._headers = {"Authorization": f"Bearer {token}"}

    async def say(self, text: str) -> int:
        """Send it; the status of the answer."""
        sent = {"id": uuid.uuid4().hex, "text": text}
        async with self._session.post(
            f"{API}/messages", json=sent, headers=self._headers
        ) as response:
            return response.status

    async def answer_ms(self, text: str) -> float:
        """Send it; the milliseconds until the bot's answer can be fetched."""
        started = time.perf_counter()
        await self.say(text)
        while True:
            address = f"{API}/conversation?after={self._after}"
            async with self._session.get(address, headers=self._headers) as response:
                lines = (await response.json()).get("messages", [])
            self._after = max([self._after, *(line["seq"] for line in lines)])
            if any(line["author"] == "bot" for line in lines):
                return (time.perf_counter() - started) * 1000
            await asyncio.sleep(LOOK_SECONDS)


async def flood(session: aiohttp.ClientSession, visitors: int) -> dict[int, int]:
    """Let so many new visitors write once; how often each status was answered."""
    places = asyncio.Semaphore(AT_ONCE)
    statuses: dict[int, int] = {}

    async def write() -> None:
        async with places:
            visitor = Visitor(session)
            await visitor.begin()
            status = await visitor.say(QUESTION)
            statuses[status] = statuses.get(status, 0) + 1

    await asyncio.gather(*(write() for _ in range(visitors)))
    return statuses


async def measure(server: Server, visitors: int, console: Console) -> None:
    async with connect(server.url) as session:
        statuses = await customer_beside(flood(session, visitors), session, console)
    console.print(f"The flood's statuses: {statuses}")


async def customer_beside(
    trouble: Coroutine[Any, Any, T], session: aiohttp.ClientSession, console: Console
) -> T:
    """What came of `trouble`; printed is how long a customer waited for answers before it and
    while it went on."""
    customer = Visitor(session)
    await customer.begin()
    alone = [await customer.answer_ms(f"{QUESTION} {n}") for n in range(ALONE)]
    console.print(f"Alone: {_figures(alone)}")
    await asyncio.sleep(SETTLE_SECONDS)
    going_on = asyncio.create_task(trouble)
    during: list[float] = []
    while not going_on.done():
        await asyncio.sleep(PAUSE_SECONDS)
        during.append(await customer.answer_ms(f"{QUESTION} {len(during)} more"))
    console.print(f"During: {_figures(during)}")
    return await going_on


def _figures(waits: list[float]) -> str:
    middle, late = percentile(waits, 0.5), percentile(waits, 0.95)
    return f"{len(waits)} answers, p50 {middle:.0f} ms, p95 {late:.0f} ms, most {max(waits):.0f} ms"


async def _main(visitors: int) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print("Starting `warmline demo` …")
    async with warmline(FIRST) as server:
        await measure(server, visitors, console)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--visitors", type=int, default=FLOOD)
    asyncio.run(_main(parser.parse_args().visitors))


if __name__ == "__main__":
    main()
