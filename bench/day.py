"""A day in small: what a message costs here beside another checkout of Warmline.

`warmline demo` of both is started over empty data folders, and written to by turns: some hundred
messages here, as many there, until each has had them all, so that a noisy machine is noisy for
both. `uv run python -m bench.day --baseline PATH` takes some minutes; PATH is a folder with an
environment of its own (`uv sync` there). It ends with status 1 when this one is slower by more than
15 %.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import defaultdict
from contextlib import AsyncExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bench.programs import ROOT
from bench.servers import Server, warmline
from bench.soak import TALK, write
from bench.usage import Meter

HERE, BASELINE = "here", "baseline"
ROUND = 250
MOST_SLOWER = 0.15
QUIET_SECONDS = 2.0
QUIET_CORES = 0.05


async def settled(server: Server) -> None:
    """Wait until the server has nothing to do: a demo begins by writing its past."""
    while True:
        meter = Meter({HERE: server.pid})
        await asyncio.sleep(QUIET_SECONDS)
        if meter.read().cores(HERE) < QUIET_CORES:
            return


async def measure(
    servers: dict[str, Server], messages: int
) -> tuple[dict[str, float], dict[str, float], int]:
    """Seconds and CPU seconds by server, and the number of messages that each answered."""
    seconds: dict[str, float] = defaultdict(float)
    cpu_seconds: dict[str, float] = defaultdict(float)
    rounds = -(-messages // ROUND)
    with Progress() as bar:
        task = bar.add_task("Writing", total=rounds * len(servers))
        for number in range(rounds):
            order = list(servers) if number % 2 else list(reversed(servers))
            for name in order:
                meter = Meter({name: servers[name].pid})
                await write(servers[name].url, ROUND)
                used = meter.read()
                seconds[name] += used.seconds
                cpu_seconds[name] += used.cpu_seconds[name]
                bar.advance(task)
    return seconds, cpu_seconds, rounds * ROUND


async def _main(baseline: Path, messages: int) -> int:
    console = Console(highlight=False, soft_wrap=True)
    console.print("Starting `warmline demo` here and there …")
    async with AsyncExitStack() as stack:
        servers = {
            HERE: await stack.enter_async_context(warmline(TALK[0])),
            BASELINE: await stack.enter_async_context(warmline(TALK[0], root=baseline)),
        }
        for server in servers.values():
            await settled(server)
        seconds, cpu_seconds, written = await measure(servers, messages)
        for name, server in servers.items():
            console.print(
                f"{name:>9}  {written / seconds[name]:6.1f} messages/s"
                f"  {1000 * cpu_seconds[name] / written:6.2f} ms CPU a message"
                f"  {server.memory_mib():6.1f} MiB"
            )
    slower = 1 - seconds[BASELINE] / seconds[HERE]
    console.print(f"Slower by {slower:.1%} (at most {MOST_SLOWER:.0%}).")
    return 1 if slower > MOST_SLOWER else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--baseline", type=Path, required=True, metavar="PATH")
    parser.add_argument("--messages", type=int, default=10_000)
    arguments = parser.parse_args()
    baseline = arguments.baseline.resolve()
    if baseline == ROOT or not (baseline / ".venv" / "bin" / "warmline").exists():
        sys.exit(f"{baseline} is no other checkout with an environment: run `uv sync` in one.")
    sys.exit(asyncio.run(_main(baseline, arguments.messages)))


if __name__ == "__main__":
    main()
