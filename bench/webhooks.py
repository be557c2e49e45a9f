"""How long a webhook takes to acknowledge, while the turns that it causes run.

    uv run python -m bench.webhooks --engine postgresql

100 requests a second arrive at even distances, whether or not those before were answered, each a
new message of one of 200 customers. The clock of a request starts when it was due, so that a client
that is behind hides nothing. Turns are taken by the same processes; docs/benchmarks.md says how to
read the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML

from bench.acknowledging import CHANNEL
from bench.backing import ENGINES, Backing, Engine, servers
from bench.customers import Step, Unanswered, connect
from bench.deployments import warmline
from bench.programs import ServerFailed, to_the_end
from bench.report import percentile
from bench.servers import make_warmline_model
from bench.turns import machine
from bench.usage import Meter
from bot.clock import new_id
from bot.store.database import Database
from bot.store.tables import messages, turns

WEBHOOK = f"/webhooks/{CHANNEL}/webhook"
RATE = 100.0
SECONDS = 20.0
CUSTOMERS = 200
TEXT = "what are your opening hours?"
FIRST = Step("hello", "What can I do for you?")
WORKERS = 1  # with PostgreSQL; SQLite has one process
WARM_UP_SECONDS = 2.0
P50_MS = 10.0
P99_MS = 100.0


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What came of the requests: milliseconds of each that got a 2xx, and how many did not."""

    milliseconds: list[float]
    refused: int
    seconds: float
    stored: int
    turns_done: int
    cores: dict[str, float]
    load_average: float

    def at(self, share: int) -> float:
        return percentile(self.milliseconds, share / 100)


async def measure(engine: Engine, rate: float, seconds: float) -> Acknowledged:
    """Start Warmline with the channel, and post. Raises ServerFailed."""
    await make_warmline_model()
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
        credentials = Path(folder) / "credentials.yml"
        with credentials.open("w", encoding="utf-8") as file:
            YAML().dump({"rest": {}, CHANNEL: {}}, file)
        workers = 0 if engine == "sqlite" else WORKERS
        start = partial(
            warmline,
            workers=workers,
            module="bench.acknowledging",
            variables={"WARMLINE_CREDENTIALS": str(credentials)},
        )
        async with (
            servers(engine) as up,
            up.backing(with_redis=workers > 0) as backing,
            start(backing, FIRST) as deployment,
            connect(deployment.url) as session,
        ):
            await post_evenly(session, rate=rate, seconds=WARM_UP_SECONDS)
            before = await _counted(backing)
            meter = Meter(deployment.programs)
            taken, refused = await post_evenly(session, rate=rate, seconds=seconds)
            usage = meter.read()
            stored, done = await _counted(backing)
    return Acknowledged(
        milliseconds=taken,
        refused=refused,
        seconds=usage.seconds,
        stored=stored - before[0],
        turns_done=done - before[1],
        cores={program: usage.cores(program) for program in usage.cpu_seconds},
        load_average=busy,
    )


async def post_evenly(
    session: aiohttp.ClientSession, *, rate: float, seconds: float
) -> tuple[list[float], int]:
    """Milliseconds from when each request was due to its 2xx, and how many had none."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    posts: list[asyncio.Task[float | None]] = []
    for number in range(round(rate * seconds)):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - loop.time()))
        posts.append(asyncio.create_task(_post(session, number, due)))
    found = await asyncio.gather(*posts)
    taken = [each for each in found if each is not None]
    return taken, len(found) - len(taken)


async def _post(session: aiohttp.ClientSession, number: int, due: float) -> float | None:
    sent = {"id": new_id(), "sender": f"customer-{number % CUSTOMERS}", "text": TEXT}
    try:
        async with session.post(WEBHOOK, json=sent) as response:
            await response.read()
            accepted = response.ok
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return None
    return (asyncio.get_running_loop().time() - due) * 1000 if accepted else None


async def _counted(backing: Backing) -> tuple[int, int]:
    """Messages of the channel's customers in the database, and turns taken for them."""
    stored = sa.select(sa.func.count()).where(
        messages.c.channel == CHANNEL, messages.c.author == "customer"
    )
    done = sa.select(sa.func.count()).where(turns.c.channel == CHANNEL, turns.c.state == "done")
    database = Database(backing.database_url)
    try:
        async with database.reader.connect() as connection:
            return (
                (await connection.execute(stored)).scalar_one(),
                (await connection.execute(done)).scalar_one(),
            )
    finally:
        await database.aclose()


def table(found: Acknowledged, rate: float) -> Table:
    """For the terminal, with the goals."""
    shown = Table("", "", "goal", box=None, pad_edge=False, show_header=False)
    shown.columns[1].justify = "right"
    posted = len(found.milliseconds) + found.refused
    shown.add_row("requests a second, wanted / posted", f"{rate:g} / {posted / found.seconds:.1f}")
    shown.add_row("refused, or unanswered", f"{found.refused}", _verdict(found.refused, 0))
    for share, most in ((50, P50_MS), (95, None), (99, P99_MS)):
        value = found.at(share)
        verdict = _verdict(value, most) if most is not None else ""
        shown.add_row(f"acknowledged, p{share} (ms)", f"{value:.1f}", verdict)
    lost = len(found.milliseconds) - found.stored
    shown.add_row("acknowledged and not stored", f"{lost}", _verdict(lost, 0))
    shown.add_row("turns taken meanwhile, a second", f"{found.turns_done / found.seconds:.1f}")
    for program, cores in found.cores.items():
        shown.add_row(f"cores busy: {program}", f"{cores:.2f}")
    return shown


def _verdict(value: float, most: float) -> str:
    return f"<= {most:g}: {'met' if value <= most else 'MISSED'}"


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.webhooks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument("--rate", type=float, default=RATE, help="requests a second")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for how long")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures there")
    wanted = parser.parse_args()

    try:
        found = to_the_end(measure(wanted.engine, wanted.rate, wanted.seconds))
    except (ServerFailed, Unanswered, aiohttp.ClientError) as error:
        sys.exit(f"bench.webhooks: {type(error).__name__}: {error}")
    console = Console(highlight=False)
    console.print(table(found, wanted.rate))
    console.print(f"\n{os.cpu_count()} cores; load average before: {found.load_average:.1f}.")
    if wanted.json is not None:
        content: dict[str, Any] = {
            "machine": machine(),
            "engine": wanted.engine,
            **asdict(found),
            "milliseconds": {f"p{share}": round(found.at(share), 2) for share in (50, 95, 99, 100)},
        }
        wanted.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
