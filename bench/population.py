"""Databases with many stored conversations, written by the database itself and kept between runs.

Every conversation has a customer with one identity, as many messages as wanted, each with its
finished turn and delivered reply, and an empty tracker; a few of the newest wait for a person.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.backing import Engine
from bench.postgresql import Postgresql
from bench.programs import cache
from bot.store.database import Database
from bot.store.schema import MIGRATIONS, upgrade

WAITING = 3  # the newest ones; a queue does not grow with what is stored
CHANNEL = "rest"
FIRST_ID = 100_000_000_000
MOST_MESSAGES = 1_000
CUSTOMER, IDENTITY, CONVERSATION, HANDOFF, QUESTION, ANSWER, TURN, OUTBOX = range(1, 9)
OF_CONVERSATIONS = (CUSTOMER, IDENTITY, CONVERSATION, HANDOFF)
CARD = '{"wants": {"intent": null, "text": ""}, "collected": [], "tried": []}'
NUMBERS: Mapping[Engine, str] = {
    "sqlite": "(WITH RECURSIVE n({name}) AS"
    " (SELECT 1 UNION ALL SELECT {name} + 1 FROM n WHERE {name} < {last}) SELECT {name} FROM n)",
    "postgresql": "(SELECT generate_series(1, {last}) AS {name})",
}
MOMENTS: Mapping[Engine, str] = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-01', '+' || i || ' seconds')",
    "postgresql": "timestamptz '2026-01-01 00:00:00+00' + i * interval '1 second'",
}


@dataclass(frozen=True, slots=True)
class Population:
    """So many conversations, in each of which the customer wrote so many `messages`."""

    conversations: int
    messages: int = 1

    def __str__(self) -> str:
        return f"{self.conversations:,} conversations of {self.messages}"


def row_id(kind: int, number: int) -> str:
    """The id of a row: as long as those the product makes, and before all of them."""
    return f"{_prefix(kind)}{FIRST_ID + number}"


def address(number: int) -> str:
    """From where customer `number` writes."""
    return f"customer-{FIRST_ID + number}"


def statements(engine: Engine, population: Population) -> list[str]:
    """What fills an empty database, in an order that foreign keys allow.

    In them `i` is a conversation's number, and `j` that of a message and its turn in it.
    """

    def key(kind: int) -> str:
        number = "i" if kind in OF_CONVERSATIONS else f"i * {MOST_MESSAGES} + j"
        return f"'{_prefix(kind)}' || ({FIRST_ID} + {number})"

    at = MOMENTS[engine]
    is_new = f"i > {population.conversations - WAITING}"
    who = {"customer_id": key(CUSTOMER)}
    whose = {**who, "conversation_id": key(CONVERSATION)}
    made = {"created_at": at}
    channel = {"channel": f"'{CHANNEL}'"}
    place = {**channel, "address": f"'customer-' || ({FIRST_ID} + i)"}
    state = {"state": f"CASE WHEN {is_new} THEN 'waiting' ELSE 'bot' END", "owner_epoch": "1"}
    last_seq = {"last_seq": f"{2 * population.messages}", "seen_seq": "0"}
    line = {**whose, **channel, **made, "turn_id": key(TURN), "data": "'{}'"}
    line |= {"buttons": "'[]'", "attachments": "'[]'", "private": "false"}
    question = {"id": key(QUESTION), "seq": "2 * j - 1", "author": "'customer'", "text": "'hello'"}
    question |= {"external_id": "'stored-' || i || '-' || j"}
    answer = {"id": key(ANSWER), "seq": "2 * j", "author": "'bot'", "text": "'What can I do?'"}
    turn = {"id": key(TURN), **whose, **channel, **made, "message_id": key(QUESTION)}
    turn |= {"seq": "2 * j - 1", "state": "'done'", "attempts": "1", "finished_at": at}
    read = {"text": "'hello'", "intent": "'greet'", "confidence": "0.97", "outcome": "'answered'"}
    read |= {"ranking": "'[]'", "entities": "'[]'", "actions": "'[]'", "duration_ms": "9.5"}
    sent = {"id": key(OUTBOX), **whose, **place, **made, "message_id": key(ANSWER)}
    sent |= {"seq": "2 * j", "state": "'delivered'", "attempts": "1", "next_attempt_at": at}
    sent |= {"parts_sent": "0"}
    proof = {"verification": "'anyone'", "how": "'not verified'"}
    handoff = {"id": key(HANDOFF), **whose, "state": "'requested'", "reason": "'customer_asked'"}
    handoff |= {"evidence": "'They asked.'", "card": f"'{CARD}'", "requested_at": at}
    handoff |= {"queue": "'support'", "priority": "'normal'", "queued_at": at, "ranked_at": at}
    each = f"{_numbers(engine, 'i', population.conversations)} AS n"
    every = f"{each}, {_numbers(engine, 'j', population.messages)} AS m"
    remembered = {"seq": f"{2 * population.messages - 1}", "events": "'[]'", "updated_at": at}
    thread = {"id": key(CONVERSATION), **who, **place, **made, **state, **last_seq}
    return [
        _insert("customers", {"id": key(CUSTOMER), "name": "'Customer ' || i", **made}, each),
        _insert("identities", {"id": key(IDENTITY), **who, **place, **made, **proof}, each),
        _insert("conversations", {**thread, "queue": "'support'", "updated_at": at}, each),
        _insert("messages", {**line, **question}, every),
        _insert("messages", {**line, **answer, "in_reply_to": key(QUESTION)}, every),
        _insert("turns", {**turn, **read}, every),
        _insert("outbox", {**sent, "provider_id": key(TURN)}, every),
        _insert("trackers", {**whose, **remembered}, each),
        _insert("handoffs", handoff, f"{each} WHERE {is_new}"),
    ]


def _numbers(engine: Engine, name: str, last: int) -> str:
    return NUMBERS[engine].format(name=name, last=last)


def _insert(table: str, columns: Mapping[str, str], source: str) -> str:
    names, values = ", ".join(columns), ", ".join(columns.values())
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}"  # noqa: S608


def _prefix(kind: int) -> str:
    return f"00000000-0000-7000-800{kind}-"


def _fingerprint(engine: Engine, population: Population) -> str:
    """Changes with the schema and with what is filled in."""
    migrations = sorted((MIGRATIONS / "versions").glob("*.py"))
    made_by = [path.read_text(encoding="utf-8") for path in migrations]
    content = [*made_by, *statements(engine, population)]
    return sha256("\n".join(content).encode()).hexdigest()[:10]


@asynccontextmanager
async def populated(
    engine: Engine, population: Population, server: Postgresql | None, console: Console
) -> AsyncIterator[str]:
    """The address of a copy of a database that holds it, gone after the block.

    The original is made when there is none, which takes minutes for a million.
    """
    family = f"filled_{population.conversations}_{population.messages}_"
    name = f"{family}{_fingerprint(engine, population)}"
    if server is None:
        kept = cache() / f"{name}.db"
        if not kept.exists():
            for outdated in cache().glob(f"{family}*.db"):
                outdated.unlink()
            await _announced(population, console, _fill_sqlite(kept, population))
        with tempfile.TemporaryDirectory(dir=cache(), prefix="copy-") as folder:
            copy = Path(folder) / "warmline.db"
            await asyncio.to_thread(shutil.copyfile, kept, copy)
            yield f"sqlite:///{copy}"
    else:
        if name not in await server.databases():
            for database in await server.databases(family):
                await server.run(f"DROP DATABASE {database}")
            await _announced(population, console, _fill_postgresql(server, name, population))
        async with server.new_database(f"copy_of_{name}", template=name) as url:
            yield url


async def _announced(
    population: Population, console: Console, filling: Coroutine[Any, Any, None]
) -> None:
    console.print(f"Filling in {population} messages; they are kept …")
    began = time.perf_counter()
    await filling
    console.print(f"  {time.perf_counter() - began:.0f} s")


async def _fill_sqlite(kept: Path, population: Population) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    making = kept.with_suffix(".making")
    making.unlink(missing_ok=True)
    await _migrate(f"sqlite:///{making}")
    with closing(sqlite3.connect(making, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            connection.execute(f"PRAGMA {pragma}")
        for statement in statements("sqlite", population):
            connection.execute(statement)
    making.rename(kept)


async def _fill_postgresql(server: Postgresql, name: str, population: Population) -> None:
    making = f"making_{name}"
    await server.run(f"DROP DATABASE IF EXISTS {making} WITH (FORCE)", f"CREATE DATABASE {making}")
    await _migrate(server.url(making))
    # As a restored back-up is written: what it refers to was checked when it was made.
    await server.run(
        "SET session_replication_role = replica",
        *statements("postgresql", population),
        "VACUUM ANALYZE",
        database=making,
    )
    await server.run(f"ALTER DATABASE {making} RENAME TO {name}")


async def _migrate(url: str) -> None:
    database = Database(url)
    try:
        await upgrade(database)
    finally:
        await database.aclose()
