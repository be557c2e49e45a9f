"""How long a search over transcripts takes: 100,000 messages in 10,000 conversations.

Everything is written through the product's own repositories, so that its indexes are what the
product has. Searches are what an agent types: an order's number, a name, one or two words of
messages, and words only begun, with those that most conversations have among them.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from bench.backing import ENGINES, Engine
from bench.postgresql import postgresql
from bench.programs import ServerFailed
from bot.conversation import Conversation, State
from bot.records import Customer, Message
from bot.searching import words_of
from bot.store.conversations import ConversationFilter
from bot.store.database import Database, UnitOfWork
from bot.store.schema import upgrade
from bot.yaml_file import read_mapping
from desk.search_results import found

ROOT = Path(__file__).parents[1]
CONVERSATIONS, EACH = 10_000, 10
IN_A_COMMIT = 500  # conversations
SEARCHES = 40
PAGE = 50
BEGAN = datetime(2026, 1, 1, tzinfo=timezone.utc)
NAMES = ("Ada", "Jo", "Kasia", "Siobhán", "Lena", "Jada", "Omar", "Priya", "Tom", "Zoë")
FAMILIES = ("Lovelace", "Nowak", "Campbell", "Parry", "Haddad", "Iyer", "Brown", "Okafor")


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds that each search of a kind took, and how many conversations were found."""

    kind: str
    milliseconds: list[float]
    found: list[int]


def sentences() -> list[str]:
    """What customers say in the training data."""
    said = []
    for file in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for entry in read_mapping(file, missing="It is part of this repository.").get("nlu", ()):
            examples = entry.get("examples", "")
            said += [line.removeprefix("- ") for line in examples.splitlines() if line]
    return said


def searches(said: Sequence[str], chance: random.Random) -> dict[str, list[str]]:
    """Of each kind as many as are measured."""

    def words(number: int) -> str:
        longer = [word for word in words_of(chance.choice(said)) if len(word) > 2] or ["order"]
        return " ".join(chance.sample(longer, min(number, len(longer))))

    kinds: dict[str, Callable[[], str]] = {
        "an order's number": lambda: str(10_000 + chance.randrange(CONVERSATIONS)),
        "a name": lambda: f"{chance.choice(NAMES)} {chance.choice(FAMILIES)}",
        "a word": lambda: words(1),
        "two words": lambda: words(2),
        "a word begun": lambda: words(1)[:3],
        "“order”": lambda: "order",
    }
    return {kind: [make() for _ in range(SEARCHES)] for kind, make in kinds.items()}


async def fill(database: Database, said: Sequence[str], chance: random.Random) -> None:
    """Write the conversations, the last of them the newest."""
    ids = count()
    for first in range(0, CONVERSATIONS, IN_A_COMMIT):
        async with database.write() as uow:
            for number in range(first, first + IN_A_COMMIT):
                await _add(uow, number, said, chance, ids)


async def _add(
    uow: UnitOfWork, number: int, said: Sequence[str], chance: random.Random, ids: count[int]
) -> None:
    at = BEGAN + timedelta(minutes=number)
    customer_id, conversation_id = f"c{number:09}", f"v{number:09}"
    name = f"{chance.choice(NAMES)} {chance.choice(FAMILIES)}"
    await uow.customers.add(Customer(customer_id, None, name, None, at))
    await uow.conversations.add(
        Conversation(
            id=conversation_id,
            customer_id=customer_id,
            channel="rest",
            address=customer_id,
            state=State.RESOLVED,
            owner_epoch=1,
            agent_id=None,
            queue="support",
            last_seq=EACH,
            seen_seq=0,
            created_at=at,
            updated_at=at,
        )
    )
    lines = []
    for seq in range(1, EACH + 1):
        text = chance.choice(said)
        if seq == 1:
            text = f"{text} It is order {10_000 + number}."
        lines.append(_message(f"m{next(ids):09}", conversation_id, customer_id, seq, text, at))
    await uow.messages.add(*lines)


def _message(
    message_id: str, conversation_id: str, customer_id: str, seq: int, text: str, at: datetime
) -> Message:
    return Message(
        id=message_id,
        conversation_id=conversation_id,
        customer_id=customer_id,
        seq=seq,
        turn_id=None,
        author="customer" if seq % 2 else "agent",
        agent_id=None,
        author_name=None,
        text=text,
        payload=None,
        buttons=[],
        channel="rest",
        external_id=None,
        in_reply_to=None,
        private=False,
        data={},
        created_at=at,
    )


async def measure(engine: Engine) -> list[Taken]:
    """Each kind of search, over one database that was just filled."""
    chance, said = random.Random(7), sentences()  # noqa: S311
    async with AsyncExitStack() as stack:
        if engine == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="warmline-bench-"))
            url = f"sqlite:///{folder}/search.db"
        else:
            server = await stack.enter_async_context(postgresql())
            url = await stack.enter_async_context(server.new_database("bench_search"))
        database = Database(url)
        stack.push_async_callback(database.aclose)
        await upgrade(database)
        await fill(database, said, chance)
        if engine == "postgresql":
            await server.run("ANALYZE", database="bench_search")  # as its autovacuum would
        return [
            await _take(database, kind, typed) for kind, typed in searches(said, chance).items()
        ]


async def _take(database: Database, kind: str, typed: list[str]) -> Taken:
    taken = Taken(kind, [], [])
    for words in typed:
        began = time.perf_counter()
        async with database.read() as uow:
            page = await found(uow, words, ConversationFilter(), before=None, limit=PAGE)
        taken.milliseconds.append((time.perf_counter() - began) * 1000)
        taken.found.append(len(page.items))
    return taken


def table(engine: Engine, figures: list[Taken]) -> Table:
    """The figures for people."""
    drawn = Table(title=f"{engine}: {CONVERSATIONS * EACH:,} messages")
    for heading in ("searched for", "p50 ms", "p95 ms", "on the first page (median)"):
        drawn.add_column(heading)
    for each in figures:
        p95 = quantiles(each.milliseconds, n=20)[-1]
        drawn.add_row(
            each.kind,
            f"{median(each.milliseconds):.0f}",
            f"{p95:.0f}",
            str(round(median(each.found))),
        )
    return drawn


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.searching", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, help="one database instead of both")
    wanted = parser.parse_args()
    console = Console(highlight=False)
    for engine in [wanted.engine] if wanted.engine else ENGINES:
        try:
            console.print(table(engine, asyncio.run(measure(engine))))
        except ServerFailed as error:
            sys.exit(f"bench.searching: {error}")


if __name__ == "__main__":
    main()
