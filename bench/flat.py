"""Whether what Warmline does costs the same however much is stored, and however long a talk is.

    uv run python -m bench.flat --engine postgresql --rows 10,10000,1000000

The same four things, in this process: list conversations and open one (as the desk's API does),
claim one, and take a turn. First over copies of databases with so many conversations; then where
each conversation has had so many messages. All places take turns within each round, and each is
compared with the first one. Statements whose plan reads a whole large table are shown, and end the
command with an error. docs/benchmarks.md says how to read the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from rich.console import Console

from bench.backing import ENGINES, Engine
from bench.flat_report import Grown, plans_table, table
from bench.flat_work import ROUNDS, TURNS, WORK, Place, settle
from bench.in_process import assistant_and_shop, in_process
from bench.plans import Plan, explain, listening
from bench.population import WAITING, Population, populated
from bench.postgresql import kept_data, postgresql
from bench.programs import ServerFailed, to_the_end
from bench.turns import machine

ROWS = (10, 10_000, 1_000_000)
LENGTHS = (5, 200, 500)
TALKS = TURNS + WAITING
REMEMBERED = 12  # the bot's memory holds ten turns
TABLE_WIDTH = 120


async def measure(
    engine: Engine, rows: tuple[int, ...], console: Console
) -> tuple[Grown, Grown, list[Plan]]:
    """By what is stored, by how long a conversation is, and the plans over the largest database."""
    async with AsyncExitStack() as stack:
        server = None
        if engine == "postgresql":
            server = await stack.enter_async_context(postgresql(kept_data() / "postgresql"))
        assistant = await stack.enter_async_context(assistant_and_shop())

        async def place(population: Population, talked: int = 0) -> Place:
            url = await stack.enter_async_context(populated(engine, population, server, console))
            warmline = await stack.enter_async_context(in_process(url, assistant))
            return await settle(warmline, population, talked=talked)

        stored = {count: await place(Population(count)) for count in rows}
        by_rows = await _rounds(stored, "stored", console)
        largest = stored[max(rows)]
        with listening(largest.warmline.services.database) as heard:
            await largest.once()
        plans = await explain(largest.warmline.services.database.writer, heard)
        console.print(f"Talking, up to message {max(LENGTHS)} …")
        long = {}
        for length in LENGTHS:
            # The last ones are really said, as many as the bot remembers; those before, filled in.
            talked = min(length - 2, REMEMBERED)
            filled = Population(TALKS, length - 1 - talked)
            long[length] = await place(filled, talked)
        by_length = await _rounds(long, "messages", console)
    return by_rows, by_length, plans


async def _rounds(places: dict[int, Place], unit: str, console: Console) -> Grown:
    grown = Grown(unit)
    for place in places.values():
        await place.once()  # what is read for the first time does not count
    for number in range(1, ROUNDS + 1):
        console.print(f"Round {number} of {ROUNDS}, by {unit} …")
        for name in WORK:
            for size, place in places.items():
                grown.add(name, size, await place.timed(name))
    return grown


def main() -> None:
    """Measure, print the tables, write the JSON; exit with 1 when a large table was scanned."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.flat",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument(
        "--rows", type=_counts, default=ROWS, help="stored conversations, 10 at least"
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures there")
    wanted = parser.parse_args()
    busy = os.getloadavg()[0]
    progress = Console(stderr=True, highlight=False)
    try:
        by_rows, by_length, plans = to_the_end(measure(wanted.engine, wanted.rows, progress))
    except ServerFailed as error:
        sys.exit(f"bench.flat: {error}")
    console = Console(highlight=False, width=TABLE_WIDTH)
    for grown, title in ((by_rows, "by conversations stored"), (by_length, "by messages in it")):
        console.print(table(grown, title))
        console.print()
    console.print(plans_table(plans))
    console.print(f"\n{os.cpu_count()} cores; load average before: {busy:.1f}.")
    if wanted.json is not None:
        content = {
            "machine": machine(),
            "engine": wanted.engine,
            "load_average_before": round(busy, 2),
            "by_rows_ms": by_rows.milliseconds,
            "by_length_ms": by_length.milliseconds,
            "plans": [{"statement": one.statement, "plan": one.lines} for one in plans],
        }
        wanted.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    if any(plan.scanned for plan in plans):
        sys.exit("bench.flat: a hot query reads a whole table")


def _counts(text: str) -> tuple[int, ...]:
    counts = tuple(sorted(int(part) for part in text.split(",")))
    if counts[0] < min(ROWS):
        raise argparse.ArgumentTypeError("must be 10 or more")
    return counts


if __name__ == "__main__":
    main()
