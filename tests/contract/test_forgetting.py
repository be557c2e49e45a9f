"""Deleting conversations and customers with all that hangs on them, over both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import now
from bot.store.database import Database
from bot.store.forgetting import (
    delete_conversation_rows,
    delete_customer_rows,
    merge_words,
    tables_of,
)
from bot.store.schema import upgrade
from bot.store.tables import (
    UtcDateTime,
    audit_log,
    contact_days,
    contacts,
    conversations,
    customers,
    gone_days,
    metadata,
    review_groups,
    stale_days,
)
from tests.conftest import over_both_databases

pytestmark = over_both_databases
DAY = date(2026, 3, 1)


def value(column: sa.Column[Any], whose: str) -> Any:
    """Something of this column's type: what is a text, and so every key, is `whose`."""
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return now()
    if isinstance(kind, sa.Date):
        return DAY
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.JSON):
        return []
    if isinstance(kind, sa.LargeBinary):
        return whose.encode()
    return whose if isinstance(kind, sa.String) else ord(whose)


async def fill(connection: AsyncConnection, whose: str) -> None:
    """A row in every table; each points to the others of the same."""
    for table in metadata.sorted_tables:
        if table.name == "review_cursor" or (table.name == "stale_days" and whose != "a"):
            continue
        row = {column.name: value(column, whose) for column in table.c}
        await connection.execute(table.insert().values(row))


async def owners(connection: AsyncConnection, table: sa.Table) -> set[str]:
    """Whose rows are there, by the first of its columns that tells."""
    named = next(c for c in table.c if isinstance(c.type, sa.String))
    return set((await connection.execute(sa.select(named))).scalars())


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Two customers, a and b, with a row in every table there is."""
    opened = Database(database_url)
    await upgrade(opened)
    async with opened.writer.begin() as connection:
        await fill(connection, "a")
        await fill(connection, "b")
    yield opened
    await opened.aclose()


async def test_a_conversation_goes_with_all_that_hangs_on_it_and_no_other_does(
    database: Database,
) -> None:
    hanging = tables_of(conversations)
    async with database.writer.begin() as connection:
        gone = await delete_conversation_rows(connection, ["a", "nobody"])
    left_before = {"reviews"}  # for what they count
    assert set(gone) == {each.name for each in (*hanging, conversations)} - left_before
    assert set(gone.values()) == {1}
    async with database.reader.connect() as connection:
        for table in (*hanging, conversations):
            assert await owners(connection, table) == {"b"}, table.name
        for table in (customers, audit_log, gone_days):
            assert await owners(connection, table) == {"a", "b"}, table.name


async def test_a_customer_goes_with_all_that_names_them_and_no_other_does(
    database: Database,
) -> None:
    # Of nobody, of staff and of many: tests/bot/test_store.py names them.
    hanging = {table.name for table in tables_of(customers)}
    keyed = {name for name, each in metadata.tables.items() if "customer_id" in each.c}
    assert hanging >= keyed
    async with database.writer.begin() as connection:
        gone = await delete_customer_rows(connection, ["a"])
    assert set(gone) == (hanging | {"customers"}) - {"reviews"}
    async with database.reader.connect() as connection:
        for name in (*hanging, "customers"):
            assert await owners(connection, metadata.tables[name]) == {"b"}, name


async def test_a_day_counted_anew_still_counts_what_was_deleted(database: Database) -> None:
    async with database.writer.begin() as connection:
        await connection.execute(contact_days.delete())
        await connection.execute(gone_days.delete())
    async with database.write() as uow:
        await uow.contact_days.count(DAY)
    async with database.reader.connect() as connection:
        before = (await connection.execute(contact_days.select().order_by("channel"))).all()
    for each in ("a", "b"):
        async with database.writer.begin() as connection:
            await delete_conversation_rows(connection, [each])
            await connection.execute(stale_days.insert().values(day=DAY))
        async with database.write() as uow:
            await uow.contact_days.count(DAY)
    async with database.reader.connect() as connection:
        after = (await connection.execute(contact_days.select().order_by("channel"))).all()
        assert (await connection.execute(contacts.select())).all() == []
    assert len(before) == 2
    assert after == before


async def test_the_inbox_of_reviews_counts_it_no_more(database: Database) -> None:
    async with database.writer.begin() as connection:
        await delete_conversation_rows(connection, ["a"])
    async with database.reader.connect() as connection:
        rows = await connection.execute(review_groups.select().order_by("id"))
        a, b = rows.all()
    assert (a.waiting, a.meaning) == (ord("a") - 1, None)
    assert (b.waiting, b.meaning) == (ord("b"), b"b")


async def test_its_words_are_found_no_more(database: Database) -> None:
    async with database.writer.begin() as connection:
        await delete_conversation_rows(connection, ["a"])
        more = await merge_words(connection, begin=True)
        while more:
            more = await merge_words(connection, begin=False)
        if connection.dialect.name == "sqlite":
            await connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search_words', 'row')"
            )
            found = await connection.exec_driver_sql("SELECT term FROM words")
            assert set(found.scalars()) == {"b"}
            kept = await connection.exec_driver_sql("SELECT message_id FROM search_rows")
            assert set(kept.scalars()) == {"b"}
