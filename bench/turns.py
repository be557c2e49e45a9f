"""Turn latency and throughput of Warmline beside the stock `rasa init` bot, in one run.

The two take turns, round by round and never at the same time, so that what else the machine does
falls on both. `uv run python -m bench.turns`; docs/benchmarks.md says how to read the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console

from bench.customers import Answer, Script, Step, Unanswered, load, long_conversation
from bench.programs import ServerFailed, to_the_end
from bench.report import Round, as_json, rows, table
from bench.servers import Server, make_stock_bot, stock_rasa, warmline

ROUNDS = 2
MESSAGES = 150
CONCURRENCY = (1, 8, 32)
WARM_UP_MESSAGES = 24
POSITIONS = (5, 200)  # which messages of one long conversation are looked at
AROUND = 2  # and how many neighbours of each count with it
LONG_CONVERSATIONS = 2

TABLE_WIDTH = 100

PLAIN = "plain message"
OURS = (
    Script(
        PLAIN,
        turns=(
            Step("hello", "What can I do for you?"),
            Step("what are your opening hours?", "Monday to Friday"),
            Step("what is your refund policy?", "within 30 days"),
        ),
    ),
    Script(
        "custom action",
        opening=(
            Step("where is my order?", "order number"),
            Step("10432", "postcode"),
            Step("BS1 4DJ", "10432"),
        ),
        turns=(Step("where is it now?", "Order 10432"),),
    ),
)
# What the stock bot can answer: one text each, as above. It has no custom action.
THEIRS = (
    Script(
        PLAIN,
        turns=(
            Step("hello", "How are you?"),
            Step("I am feeling very good", "carry on"),
            Step("are you a bot?", "powered by Rasa"),
        ),
    ),
)


async def measure(
    messages: int, concurrency: Sequence[int], console: Console
) -> tuple[list[Round], list[Round]]:
    """All the rounds of Warmline, and those of the stock bot."""
    console.print("The stock bot: made and trained now unless it is kept from an earlier run …")
    project = await make_stock_bot()
    ours: list[Round] = []
    theirs: list[Round] = []
    for number in range(1, ROUNDS + 1):
        for bot, scripts, found in (("warmline", OURS, ours), ("rasa_init", THEIRS, theirs)):
            console.print(f"Round {number} of {ROUNDS}: {bot} …")
            first = scripts[0].turns[0]
            starting: AbstractAsyncContextManager[Server] = (
                warmline(first) if bot == "warmline" else stock_rasa(project, first)
            )
            busy = os.getloadavg()[0]
            async with starting as server:
                found.append(await _round(bot, busy, server, scripts, messages, concurrency))
    return ours, theirs


async def _round(
    bot: str,
    busy: float,
    server: Server,
    scripts: Sequence[Script],
    messages: int,
    concurrency: Sequence[int],
) -> Round:
    for script in scripts:
        await load(server.url, script, messages=WARM_UP_MESSAGES, concurrency=2)
    loads = [
        await load(server.url, script, messages=messages, concurrency=at_a_time)
        for script in scripts
        for at_a_time in concurrency
    ]
    nth: dict[int, tuple[Answer, ...]] = dict.fromkeys(POSITIONS, ())
    for _ in range(LONG_CONVERSATIONS):
        found = await long_conversation(server.url, scripts[0], POSITIONS, around=AROUND)
        nth = {position: nth[position] + found[position] for position in POSITIONS}
    memory = server.memory_mib()
    return Round(bot, busy, server.ready_seconds, memory, tuple(loads), nth)


def machine() -> dict[str, Any]:
    """What the figures were taken on, without its name."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "rasa": version("rasa"),
        "tensorflow": version("tensorflow-cpu"),
    }


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    parser.add_argument("--messages", type=_count, default=MESSAGES, help="of each load, at least")
    parser.add_argument(
        "--concurrency", type=_counts, default=CONCURRENCY, help="customers at a time; 1 always"
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures there")
    wanted = parser.parse_args()
    progress = Console(stderr=True, highlight=False)
    try:
        ours, theirs = to_the_end(measure(wanted.messages, wanted.concurrency, progress))
    except (ServerFailed, Unanswered, aiohttp.ClientError, asyncio.TimeoutError) as error:
        sys.exit(f"bench.turns: {type(error).__name__}: {error}")
    figures = rows(ours, theirs)
    console = Console(highlight=False, width=TABLE_WIDTH)
    console.print(table(figures))
    in_turn = itertools.chain.from_iterable(zip(ours, theirs, strict=True))
    busy = ", ".join(f"{one.load_average:.1f}" for one in in_turn)
    console.print(f"\n{os.cpu_count()} cores; load average before each round: {busy}.")
    console.print("± is half the distance between the rounds. Above 20 %, measure again.")
    if wanted.json is not None:
        written = {"machine": machine(), **as_json(figures, [*ours, *theirs])}
        wanted.json.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _counts(text: str) -> tuple[int, ...]:
    return tuple(sorted({1, *(_count(part) for part in text.split(","))}))


if __name__ == "__main__":
    main()
