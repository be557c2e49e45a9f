"""The assistant by itself beside the stock `rasa init` bot, in process, in one run.

Each bot is a process of its own. Both are up at once and work in turns of a second or two, so that
what else the machine does falls on both. `uv run python -m bench.assistant`; docs/benchmarks.md
says how to read the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench.bots import KINDS, Answers, BotProcess, Kind, running
from bench.comparison import Figure, as_json, cost_at, steps_table, table
from bench.customers import CONVERSATION_LENGTH
from bench.programs import ServerFailed
from bench.servers import make_stock_bot, make_warmline_model
from bench.talk import Talk, WrongAnswer
from bench.turns import machine
from bot.assistant.model import newest_model

TABLE_WIDTH = 120
WINDOW = 8  # messages around a position that count for it: whole rounds of the long talk's four


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured. The stock bot has one long conversation: it takes two minutes."""

    starts: int = 3
    rounds: int = 8
    messages: int = 96
    growth_rounds: int = 3
    long_conversations: int = 5
    positions: tuple[int, ...] = (5, 50, 200, 500)
    watched: int = 300


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures, and the answers during which each bot's steps were timed."""

    figures: list[Figure]
    watched: dict[Kind, Answers]


def measure(models: Mapping[Kind, Path], effort: Effort, console: Console) -> Measured:
    """Start both bots, let them answer in turns, and stop them."""
    talks = {kind: Talk(kind) for kind in KINDS}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warmline-bench-")))
        ready = start_times(models, effort, folder, console)
        bots = {}
        for kind in KINDS:
            bots[kind] = stack.enter_context(running(kind, models[kind], folder / kind))
            bots[kind].say(talks[kind].conversations(2 * CONVERSATION_LENGTH, CONVERSATION_LENGTH))
        figures = [*speed(bots, talks, effort, console), *memory(bots)]
        name = "start to first answer"
        figures.append(Figure(name, "s", "lower", ready["warmline"], ready["stock"], goal=3))
        figures += growth(bots, talks, effort, console)
        console.print("Where the time goes …")
        watched = {
            kind: bots[kind].say(
                talks[kind].conversations(effort.watched, CONVERSATION_LENGTH), watch=True
            )
            for kind in KINDS
        }
    return Measured(figures, watched)


def start_times(
    models: Mapping[Kind, Path], effort: Effort, folder: Path, console: Console
) -> dict[Kind, list[float]]:
    """Seconds to the first answer. The first start fills the file cache and does not count."""
    seconds: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
    for number in range(effort.starts + 1):
        for kind in KINDS:
            console.print(f"Start {number} of {effort.starts}: {kind} …")
            with running(kind, models[kind], folder / kind) as bot:
                seconds[kind].append(bot.first_answer_seconds("hello"))
    return {kind: values[1:] for kind, values in seconds.items()}


def speed(
    bots: Mapping[Kind, BotProcess], talks: Mapping[Kind, Talk], effort: Effort, console: Console
) -> Iterator[Figure]:
    """Messages a second and CPU a message, the bots taking turns."""
    for name, length in (("new conversations", 1), ("conversations of six", CONVERSATION_LENGTH)):
        console.print(f"Messages in {name} …")
        rates: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
        cpu: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
        for _ in range(effort.rounds):
            for kind in KINDS:
                said = bots[kind].say(talks[kind].conversations(effort.messages, length))
                rates[kind].append(effort.messages / said.seconds)
                cpu[kind].append(said.cpu_seconds * 1000 / effort.messages)
                talks[kind].check(said)
        yield Figure(name, "messages/s", "higher", rates["warmline"], rates["stock"], goal=5)
        name = f"{name}, CPU a message"
        yield Figure(name, "ms", "lower", cpu["warmline"], cpu["stock"])


def memory(bots: Mapping[Kind, BotProcess]) -> Iterator[Figure]:
    """What is resident now; the shares in common pages (PSS) where the system tells them."""
    ours, theirs = bots["warmline"], bots["stock"]
    yield Figure("memory, RSS", "MiB", "lower", [ours.rss_mib()], [theirs.rss_mib()], goal=3)
    our_share, their_share = ours.pss_mib(), theirs.pss_mib()
    if our_share is not None and their_share is not None:
        yield Figure("memory, PSS", "MiB", "lower", [our_share], [their_share], goal=3)


def growth(
    bots: Mapping[Kind, BotProcess], talks: Mapping[Kind, Talk], effort: Effort, console: Console
) -> Iterator[Figure]:
    """What a message costs after how many others of its conversation."""
    length = max(effort.positions) + WINDOW // 2
    rounds: list[list[list[float]]] = []
    for number in range(1, effort.growth_rounds + 1):
        console.print(f"Long conversations, round {number} of {effort.growth_rounds} …")
        said = [
            bots["warmline"].say(talks["warmline"].long(length))
            for _ in range(effort.long_conversations)
        ]
        rounds.append([one.milliseconds for one in said])
    console.print("A long conversation with the stock bot: two minutes …")
    theirs = [bots["stock"].say(talks["stock"].long(length)).milliseconds]
    for position in effort.positions:
        ours = [cost_at(one, position, WINDOW) for one in rounds]
        name = f"message {position} of a conversation"
        yield Figure(name, "ms", "lower", ours, [cost_at(theirs, position, WINDOW)])
    first, last = effort.positions[0], effort.positions[-1]

    def grown(conversations: list[list[float]]) -> float:
        return cost_at(conversations, last, WINDOW) / cost_at(conversations, first, WINDOW)

    name = f"message {last} / message {first}"
    ours = [grown(one) for one in rounds]
    yield Figure(name, "", "lower", ours, [grown(theirs)], ceiling=1.2)


def main() -> None:
    """Measure, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.assistant", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures there")
    wanted = parser.parse_args()
    progress = Console(stderr=True, highlight=False)
    progress.print("The stock bot: made and trained now unless it is kept from an earlier run …")
    try:
        project = asyncio.run(make_stock_bot())
        stock = newest_model(project / "models")
        if stock is None:
            raise ServerFailed(f"no model in {project}")
        models: dict[Kind, Path] = {
            "warmline": asyncio.run(make_warmline_model()),
            "stock": stock,
        }
        busy = os.getloadavg()[0]
        measured = measure(models, Effort(), progress)
    except KeyboardInterrupt:
        sys.exit(130)
    except (ServerFailed, WrongAnswer) as error:
        sys.exit(f"bench.assistant: {error}")
    console = Console(highlight=False, width=TABLE_WIDTH)
    console.print(table(measured.figures))
    for kind in KINDS:
        console.print(
            steps_table(f"\nWhere a message's time goes: {kind}", measured.watched[kind].by_step())
        )
    console.print(f"\n{os.cpu_count()} cores; load average before: {busy:.1f}.")
    if wanted.json is not None:
        content = {
            "machine": machine(),
            "load_average_before": round(busy, 2),
            "figures": as_json(measured.figures),
            "milliseconds_by_step": {
                kind: dict(measured.watched[kind].by_step()) for kind in KINDS
            },
        }
        wanted.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
