"""Warmline under load beside stock Rasa in its nearest to durable form, in one run.

    uv run python -m bench.load --engine postgresql --workers 1,2

Stock: `rasa run` 3.6.21 with an SQL tracker store and a Redis lock store, and `rasa run actions`,
in an environment of its own (`bench/peer`), built on first use. Both bots get the same texts, and
each timed message runs a custom action that reads the same order from the same SQLite file.

What differs: stock's opening is a plain form that asks for number and postcode, without our checks
at each step; its bot knows seven intents, ours all of the shop's; it keeps its events and nothing
else, where we also write transcript, log and outbox; and its pipeline and policies are those of
`rasa init`. docs/benchmarks.md says how to read the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import aiohttp
from rich.console import Console

from bench.backing import ENGINES, Backing, Engine, servers
from bench.comparison import table
from bench.customers import Load, Step, Unanswered, connect, load, open_all, talk
from bench.deployments import Deployment, make_peer, stock_rasa, warmline
from bench.load_report import Measured, as_json, cpu_table, figures, scaling
from bench.programs import ServerFailed, to_the_end
from bench.servers import make_warmline_model
from bench.turns import OURS, machine
from bench.usage import Meter, Usage, memory_mib

FIRST = Step("hello", "What can I do for you?")
SCRIPT = OURS[1]
CONCURRENCY = (8, 32)
MESSAGES = 192
ROUNDS = 2
WARM_UP_MESSAGES = 24
STOCK = "stock Rasa"
TABLE_WIDTH = 120


class Start(Protocol):
    """Starts a deployment over what it keeps its data in."""

    def __call__(
        self, backing: Backing, first: Step
    ) -> AbstractAsyncContextManager[Deployment]: ...


@dataclass(frozen=True, slots=True)
class Contender:
    """One that is measured; `uses_redis` says whether it gets a Redis."""

    name: str
    start: Start
    uses_redis: bool


def contenders(engine: Engine, workers: Sequence[int], peer: Path) -> list[Contender]:
    """Warmline, with each number of workers where there can be some, and then stock Rasa."""
    if engine == "sqlite":
        ours = [Contender("Warmline", warmline, uses_redis=False)]
    else:
        ours = [
            Contender(f"Warmline + {number} w.", partial(warmline, workers=number), uses_redis=True)
            for number in workers
        ]
    return [*ours, Contender(STOCK, partial(stock_rasa, peer), uses_redis=True)]


async def measure(
    engine: Engine, entered: Sequence[Contender], messages: int, console: Console
) -> dict[str, list[Measured]]:
    """All rounds of each, one after the other in turns: never two at the same time."""
    found: dict[str, list[Measured]] = {one.name: [] for one in entered}
    async with servers(engine) as up:
        for number in range(1, ROUNDS + 1):
            for one in entered:
                console.print(f"Round {number} of {ROUNDS}: {one.name} …")
                busy = os.getloadavg()[0]
                async with (
                    up.backing(with_redis=one.uses_redis) as backing,
                    one.start(backing, FIRST) as deployment,
                ):
                    found[one.name].append(await _measured(busy, deployment, messages))
    return found


async def _measured(busy: float, deployment: Deployment, messages: int) -> Measured:
    await load(deployment.url, SCRIPT, messages=WARM_UP_MESSAGES, concurrency=2)
    loads: dict[int, Load] = {}
    usage: dict[int, Usage] = {}
    for concurrency in CONCURRENCY:
        async with connect(deployment.url) as session:
            opened = await open_all(session, SCRIPT, messages=messages, concurrency=concurrency)
            meter = Meter(deployment.programs)
            loads[concurrency] = await talk(
                opened, SCRIPT, concurrency=concurrency, count_failures=True
            )
            usage[concurrency] = meter.read()
    return Measured(busy, loads, usage, memory_mib(deployment.programs))


async def _measure_all(
    engine: Engine, workers: Sequence[int], messages: int, console: Console
) -> dict[str, list[Measured]]:
    console.print("Stock Rasa: installed and trained now unless both are kept (ten minutes) …")
    peer = await make_peer()
    await make_warmline_model()
    return await measure(engine, contenders(engine, workers, peer), messages, console)


def show(found: Mapping[str, Sequence[Measured]], console: Console) -> None:
    """Print the figures: each of ours beside stock Rasa, ours beside ours, and who was busy."""
    ours = [name for name in found if name != STOCK]
    for name in ours:
        console.print(table(figures(found[name], found[STOCK]), (name, STOCK)))
        console.print()
    for fewer, more in itertools.pairwise(ours):
        console.print(table(scaling(found[more], found[fewer]), (more, fewer)))
        console.print()
    console.print(cpu_table(found))
    busy = ", ".join(f"{one.load_average:.1f}" for rounds in found.values() for one in rounds)
    console.print(f"\n{os.cpu_count()} cores; load average before each round: {busy}.")


def main() -> None:
    """Measure, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument(
        "--workers",
        type=_counts,
        default=(1, 2),
        help="with postgresql: how many `warmline worker` stand beside `warmline serve`,"
        " which takes turns as well; one measurement each (default 1,2)",
    )
    parser.add_argument("--messages", type=int, default=MESSAGES, help="of each load, at least")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures there")
    wanted = parser.parse_args()
    progress = Console(stderr=True, highlight=False)

    measuring = _measure_all(wanted.engine, wanted.workers, wanted.messages, progress)
    try:
        found = to_the_end(measuring)
    except (ServerFailed, Unanswered, aiohttp.ClientError, asyncio.TimeoutError) as error:
        sys.exit(f"bench.load: {type(error).__name__}: {error}")
    show(found, Console(highlight=False, width=TABLE_WIDTH))
    if wanted.json is not None:
        content = {"machine": machine(), "engine": wanted.engine, "rounds": as_json(found)}
        wanted.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _counts(text: str) -> tuple[int, ...]:
    counts = tuple(int(part) for part in text.split(","))
    if min(counts) < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return counts


if __name__ == "__main__":
    main()
