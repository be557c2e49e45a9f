"""What a turn costs beside the least that it could: one embedding, one rule, one durable commit.

    uv run python -m bench.floor --engine postgresql

The floor of a message, in this process: the same MiniLM embeds the text; Rasa chooses and says the
answer by its rules, over the same bounded tracker, which is kept in memory, and is told the intent
(the hand-off policy is still asked: 0.15 ms); and one row is committed, by the same engine with the
same settings. Our turn, in the same process: `receive`, `take_turns` and `collect`, all stored. The
two take turns, message by message. docs/benchmarks.md says how to read the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from bench.backing import ENGINES, Engine, servers
from bench.comparison import Figure, as_json, steps_table, table
from bench.customers import CONVERSATION_LENGTH, Step
from bench.in_process import InProcess, assistant_and_shop, in_process
from bench.programs import ServerFailed, to_the_end
from bench.talk import STEPS, WrongAnswer
from bench.turn_steps import watched
from bench.turns import machine
from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.assistant.reply import CustomerMessage, Memory
from bot.clock import new_id
from bot.store.database import Database

ROUNDS = 5
MESSAGES = 60  # of a round: whole conversations, and whole rounds of the four texts
WARM_UP = 24
TIMES_THE_FLOOR = 2.0
LEAST_MILLISECONDS = 0.01
TABLE_WIDTH = 110
NAMES = ("Warmline", "floor")
ROWS = sa.Table("floor", sa.MetaData(), sa.Column("id", sa.String(40), primary_key=True))


class Floor:
    """Answers with the least work; `parts` adds up seconds by what they went into."""

    def __init__(self, assistant: Any, database: Database) -> None:
        self._assistant = assistant
        self._database = database
        self._embedder = SentenceEmbedder()
        self._insert = ROWS.insert()
        self._remembered: dict[str, list[dict[str, Any]]] = {}
        self._understood: dict[str, dict[str, Any]] = {}
        self.parts = dict.fromkeys(("embedding", "rules and answer", "commit"), 0.0)

    async def open(self, texts: list[str]) -> None:
        """Make the table, and learn what each text means: the rules are told it."""
        async with self._database.writer.begin() as connection:
            await connection.run_sync(ROWS.create)
        parse = self._assistant._parse

        def learn(user: Any, tracker: Any) -> dict[str, Any]:
            self._understood[user.text] = parse(user, tracker)
            return self._understood[user.text]

        self._assistant._parse = learn
        for text in texts:
            await self._reply("learning", text, [])
        self._assistant._parse = lambda user, tracker: dict(self._understood[user.text])

    async def say(self, conversation: str, text: str) -> str:
        """The answer's text."""
        began = time.perf_counter()
        self._embedder.embed(text)
        embedded = time.perf_counter()
        reply = await self._reply(conversation, text, self._remembered.get(conversation, []))
        self._remembered[conversation] = reply.events
        answered = time.perf_counter()
        async with self._database.writer.begin() as connection:
            await connection.execute(self._insert, {"id": new_id()})
        done = time.perf_counter()
        self.parts["embedding"] += embedded - began
        self.parts["rules and answer"] += answered - embedded
        self.parts["commit"] += done - answered
        return " ".join(said.text for said in reply.messages)

    async def _reply(self, conversation: str, text: str, events: list[dict[str, Any]]) -> Any:
        message = CustomerMessage(new_id(), text, None, "rest", {})
        return await self._assistant.reply(conversation, message, Memory(events))


@dataclass(slots=True)
class Found:
    """Milliseconds a message, the median of each round; and our turn's steps."""

    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    parts: list[tuple[str, float]] = field(default_factory=list)
    steps: list[tuple[str, float, float]] = field(default_factory=list)

    def figures(self) -> list[Figure]:
        ratios = [ours / floor for ours, floor in zip(self.ours, self.floor, strict=True)]
        return [
            Figure("one message", "ms", "lower", self.ours, self.floor),
            Figure("Warmline / floor", "", "lower", ratios, ceiling=TIMES_THE_FLOOR),
        ]


async def measure(engine: Engine, console: Console) -> Found:
    """Both in turns, and then our turn's steps by themselves."""
    async with (
        servers(engine) as up,
        up.backing(with_redis=False) as backing,
        assistant_and_shop() as assistant,
        assistant_and_shop() as told,  # another one: it is told what the texts mean
        in_process(backing.database_url, assistant) as warmline,
    ):
        floor = Floor(told, warmline.services.database)
        await floor.open([step.says for step in STEPS["warmline"]])

        async def ours(conversation: str, text: str) -> str:
            return " ".join(said.text for said in await warmline.say(conversation, text))

        found = Found()
        await _in_turns(ours, floor.say, WARM_UP)
        floor.parts = dict.fromkeys(floor.parts, 0.0)
        for number in range(1, ROUNDS + 1):
            console.print(f"Round {number} of {ROUNDS} …")
            for each, taken in zip(
                (found.ours, found.floor), await _in_turns(ours, floor.say, MESSAGES), strict=True
            ):
                each.append(median(taken))
        said = ROUNDS * MESSAGES
        found.parts = [(name, spent * 1000 / said) for name, spent in floor.parts.items()]
        console.print("Where our turn's time goes …")
        found.steps = await _steps(warmline, ours)
    return found


Say = Callable[[str, str], Awaitable[str]]


async def _in_turns(ours: Say, floor: Say, messages: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each message, both answering each before the next one."""
    taken: tuple[list[float], list[float]] = ([], [])
    for conversation, step in _talk(messages):
        for say, milliseconds in zip((ours, floor), taken, strict=True):
            milliseconds.append(await _timed(say, conversation, step))
    return taken


async def _steps(warmline: InProcess, ours: Say) -> list[tuple[str, float, float]]:
    with watched(warmline) as steps:
        taken = [await _timed(ours, conversation, step) for conversation, step in _talk(MESSAGES)]
    return steps.per_turn(MESSAGES, sum(taken) / 1000)


def _talk(messages: int) -> list[tuple[str, Step]]:
    """New conversations of six messages each."""
    texts = STEPS["warmline"]
    found = []
    for number in range(messages):
        if number % CONVERSATION_LENGTH == 0:
            conversation = new_id()
        found.append((conversation, texts[number % len(texts)]))
    return found


async def _timed(say: Say, conversation: str, step: Step) -> float:
    began = time.perf_counter()
    text = await say(conversation, step.says)
    milliseconds = (time.perf_counter() - began) * 1000
    if step.hears not in text:
        raise WrongAnswer(f"'{step.says}' was answered with '{text}'")
    return milliseconds


def turn_table(steps: list[tuple[str, float, float]]) -> Table:
    """Milliseconds and calls a turn, by step, and the number of commits last."""
    shown = Table("our turn, step by step", "ms", "calls", box=None, pad_edge=False)
    for column in shown.columns[1:]:
        column.justify = "right"
    for name, milliseconds, calls in steps:
        if milliseconds >= LEAST_MILLISECONDS:
            shown.add_row(name, f"{milliseconds:.2f}", f"{calls:.1f}")
    return shown


def main() -> None:
    """Measure, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.floor",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures there")
    wanted = parser.parse_args()
    busy = os.getloadavg()[0]
    try:
        found = to_the_end(measure(wanted.engine, Console(stderr=True, highlight=False)))
    except (ServerFailed, WrongAnswer) as error:
        sys.exit(f"bench.floor: {error}")
    console = Console(highlight=False, width=TABLE_WIDTH)
    console.print(table(found.figures(), NAMES))
    console.print(steps_table("\nthe floor", found.parts))
    console.print()
    console.print(turn_table(found.steps))
    console.print(f"\n{os.cpu_count()} cores; load average before: {busy:.1f}.")
    if wanted.json is not None:
        content = {
            "machine": machine(),
            "engine": wanted.engine,
            "load_average_before": round(busy, 2),
            "figures": as_json(found.figures(), NAMES),
            "floor_ms": dict(found.parts),
            "turn_ms_and_calls": {name: [ms, calls] for name, ms, calls in found.steps},
        }
        wanted.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
