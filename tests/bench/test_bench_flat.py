"""What is filled in, how plans are judged, and how growth is: on small real databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from rich.console import Console

from bench.flat_report import Grown, plans_table, table
from bench.plans import Plan, explain, listening, scanned_by_postgresql, scanned_by_sqlite
from bench.population import (
    CONVERSATION,
    WAITING,
    Population,
    address,
    row_id,
    statements,
)
from bot.store.database import Database
from bot.store.schema import upgrade
from bot.store.tables import metadata
from tests.conftest import over_both_databases

FILLED = Population(conversations=10, messages=3)
PRODUCED = ("customers", "identities", "conversations", "messages", "turns", "outbox", "trackers")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    try:
        await upgrade(opened)
        async with opened.writer.begin() as connection:
            engine = opened.url.get_backend_name()
            for statement in statements("sqlite" if engine == "sqlite" else "postgresql", FILLED):
                await connection.exec_driver_sql(statement)
        yield opened
    finally:
        await opened.aclose()


@over_both_databases
async def test_what_is_filled_in_is_what_the_product_reads(database: Database) -> None:
    last = row_id(CONVERSATION, FILLED.conversations)
    async with database.read() as uow:
        page = await uow.conversations.page(limit=20)
        transcript = await uow.messages.transcript(last)
        identity = await uow.customers.identity("rest", address(1))
        handoff = await uow.handoffs.open_of(last)
        tracker = await uow.trackers.get(last)
    assert [row.id for row in page] == [row_id(CONVERSATION, number) for number in range(10, 0, -1)]
    assert [row.state.value for row in page].count("waiting") == WAITING
    assert [line.seq for line in transcript] == list(range(1, 2 * FILLED.messages + 1))
    assert [line.author for line in transcript[:2]] == ["customer", "bot"]
    assert identity is not None
    assert handoff is not None
    assert tracker == ([], 5)
    counted = {"messages": 60, "turns": 30, "outbox": 30}
    async with database.reader.connect() as connection:
        for name in PRODUCED:
            rows = await connection.execute(sa.select(sa.func.count()).select_from(_table(name)))
            assert rows.scalar_one() == counted.get(name, FILLED.conversations)


def _table(name: str) -> sa.Table:
    return metadata.tables[name]


async def test_a_query_that_reads_everything_is_found(database: Database) -> None:
    with listening(database) as heard:
        async with database.read() as uow:
            await uow.conversations.page(limit=2)
        async with database.reader.connect() as connection:
            await connection.execute(sa.select(_table("turns").c.id).where(sa.text("text = 'x'")))
    page, whole = await explain(database.reader, heard)
    assert page.scanned == frozenset()
    assert whole.scanned == {"turns"}
    console = Console(width=140)
    with console.capture() as printed:
        console.print(plans_table([whole]))
    assert "SCAN turns" in printed.get()


async def test_the_last_line_is_found_without_reading_the_others(
    database: Database,
) -> None:
    ids = [row_id(CONVERSATION, number) for number in (1, 2)]
    with listening(database) as heard:
        async with database.read() as uow:
            assert [line.seq for line in (await uow.messages.newest(ids)).values()] == [6, 6]
    (newest,) = await explain(database.reader, heard)
    assert any("(conversation_id=? AND seq=?)" in line for line in newest.lines)


def test_plans_are_read_by_the_engines_own_words() -> None:
    page = ("SCAN conversations USING INDEX ix",)
    assert scanned_by_sqlite("SELECT … LIMIT ?", page) == frozenset()
    assert scanned_by_sqlite("SELECT …", page) == {"conversations"}
    assert scanned_by_sqlite("SELECT …", ("SCAN users", "SCAN turns")) == {"turns"}
    lines = ("Limit  (cost=0.4..1)", "->  Seq Scan on outbox  (cost=0..9)", "Seq Scan on users")
    assert scanned_by_postgresql("SELECT …", lines) == {"outbox"}


def test_growth_is_the_middle_of_the_rounds() -> None:
    grown = Grown("stored")
    for less, more in ((1.0, 1.2), (2.0, 8.0), (1.0, 1.1)):
        grown.add("turn", 10, less)
        grown.add("turn", 1000, more)
    assert grown.growth("turn", 10) == 1.0
    assert grown.growth("turn", 1000) == 1.2
    console = Console(width=120)
    with console.capture() as printed:
        console.print(table(grown, "by conversations stored"))
    assert printed.get().splitlines()[1].split() == [
        "turn",
        "1.00",
        "1.20",
        "1.20",
        "<=",
        "1.3:",
        "met",
    ]


def test_a_plan_that_scans_nothing_has_an_empty_cell() -> None:
    plan = Plan("UPDATE turns SET state=?", ("SEARCH turns USING INDEX x (id=?)",), frozenset())
    console = Console(width=140)
    with console.capture() as printed:
        console.print(plans_table([plan]))
    line = printed.get().splitlines()[1]
    assert line.rstrip() == "UPDATE turns SET state=?  SEARCH turns USING INDEX x (id=?)"
