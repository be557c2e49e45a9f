"""Writes that share a commit: each its own to whoever makes it, and none lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import now
from bot.store.database import Database
from bot.store.group_commit import GroupCommit
from bot.store.schema import upgrade
from bot.store.sqlite import LARGE, OneTripConnection
from bot.store.tables import customers, identities
from bot.store.unusable import is_outage
from tests.client import PATIENCE_SECONDS

AT_ONCE = 40


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'warmline.db'}")
    try:
        await upgrade(opened)
        yield opened
    finally:
        await opened.aclose()


@pytest.fixture
async def group(database: Database) -> AsyncIterator[GroupCommit]:
    opened = GroupCommit(database.writer)
    yield opened
    await opened.aclose()


def commits_of(engine: AsyncEngine) -> list[None]:
    """Grows by one with each commit from now on."""
    found: list[None] = []
    event.listen(engine.sync_engine, "commit", lambda connection: found.append(None))
    return found


def on_disk(database: Database) -> set[str]:
    """What another program sees."""
    with sqlite3.connect(database.url.database or "") as other:
        return {row[0] for row in other.execute("SELECT id FROM customers")}


async def add(group: GroupCommit, name: str, *, fails: bool = False, alone: bool = False) -> None:
    async with group.write(alone=alone) as connection:
        await connection.execute(customers.insert().values(id=name, created_at=now()))
        if fails:
            raise LookupError(name)


async def fill_the_disk(group: GroupCommit) -> None:
    async with group.write() as connection:
        await connection.exec_driver_sql("ROLLBACK")
        raise OSError


async def test_those_who_come_at_once_share_commits_and_are_told_when_it_is_on_disk(
    database: Database, group: GroupCommit
) -> None:
    commits = commits_of(database.writer)

    async def add_and_look(name: str) -> bool:
        await add(group, name)
        return name in on_disk(database)

    names = [f"c{number}" for number in range(AT_ONCE)]
    assert all(await asyncio.gather(*map(add_and_look, names)))
    assert len(commits) < AT_ONCE / 4
    await add(group, "alone")
    assert on_disk(database) == {*names, "alone"}


async def test_nothing_is_seen_before_the_commit(database: Database, group: GroupCommit) -> None:
    seen: list[set[str]] = []

    async def look() -> None:
        async with group.write():
            seen.append(on_disk(database))

    # Nobody waits behind the first of all: it is committed by itself, the next ones together.
    await asyncio.gather(add(group, "zeroth"), add(group, "first"), look(), add(group, "third"))
    assert seen == [{"zeroth"}]
    assert on_disk(database) == {"zeroth", "first", "third"}


@pytest.mark.parametrize("failing", [{0}, {1}, {AT_ONCE - 1}, set(range(0, AT_ONCE, 3))])
async def test_whoever_fails_leaves_nothing_and_takes_nobody_along(
    database: Database, group: GroupCommit, failing: set[int]
) -> None:
    results = await asyncio.gather(
        *(add(group, f"c{number}", fails=number in failing) for number in range(AT_ONCE)),
        return_exceptions=True,
    )
    failed = {number for number, result in enumerate(results) if isinstance(result, LookupError)}
    assert failed == failing
    assert on_disk(database) == {f"c{n}" for n in range(AT_ONCE) if n not in failing}


async def test_a_refused_row_is_its_writers_error_alone(
    database: Database, group: GroupCommit
) -> None:
    results = await asyncio.gather(
        *(add(group, name) for name in ("a", "b", "b", "c")), return_exceptions=True
    )
    assert [type(result) for result in results if result] == [IntegrityError]
    assert on_disk(database) == {"a", "b", "c"}


async def test_a_commit_that_fails_is_told_to_all_who_shared_it(
    database: Database, group: GroupCommit
) -> None:
    async def add_without_customer() -> None:
        async with group.write() as connection:
            await connection.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
            values = {"id": "i", "customer_id": "nobody", "channel": "web", "address": "x"}
            told = {"verification": "anyone", "how": "", "created_at": now()}
            await connection.execute(identities.insert().values(**values, **told))

    alone, *shared = await asyncio.gather(
        add(group, "alone"),
        add(group, "a"),
        add_without_customer(),
        add(group, "b"),
        return_exceptions=True,
    )
    assert alone is None
    assert [type(result) for result in shared] == [IntegrityError] * 3
    assert on_disk(database) == {"alone"}
    await add(group, "after")
    assert on_disk(database) == {"alone", "after"}


async def test_a_transaction_that_sqlite_itself_rolls_back_is_nobodys_success(
    database: Database, group: GroupCommit
) -> None:
    """As on a full disk, in the middle of a group."""
    alone, *shared = await asyncio.gather(
        add(group, "alone"),
        add(group, "before"),
        fill_the_disk(group),
        add(group, "behind"),
        return_exceptions=True,
    )
    assert alone is None
    assert all(isinstance(result, Exception) for result in shared)
    assert on_disk(database) == {"alone"}
    await add(group, "after")
    assert on_disk(database) == {"alone", "after"}


async def test_who_writes_alone_shares_nobodys_failure(
    database: Database, group: GroupCommit
) -> None:
    await asyncio.gather(
        add(group, "first"),
        add(group, "before"),
        add(group, "alone", alone=True),
        fill_the_disk(group),
        add(group, "also alone", alone=True),
        fill_the_disk(group),
        return_exceptions=True,
    )
    assert on_disk(database) == {"first", "before", "alone", "also alone"}


async def test_who_is_called_off_while_waiting_holds_up_nobody(
    database: Database, group: GroupCommit
) -> None:
    writing = [asyncio.create_task(add(group, f"c{number}")) for number in range(AT_ONCE)]
    await asyncio.sleep(0)
    for task in writing[1::2]:
        task.cancel()
    results = await asyncio.wait_for(
        asyncio.gather(*writing, return_exceptions=True), PATIENCE_SECONDS
    )
    assert results[::2] == [None] * (AT_ONCE // 2)
    assert on_disk(database) >= {f"c{number}" for number in range(0, AT_ONCE, 2)}
    await add(group, "after")
    assert "after" in on_disk(database)


async def test_the_next_writer_waits_for_a_commit_whose_waiter_was_called_off(
    database: Database, group: GroupCommit, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, began, goes_on = OneTripConnection.commit, asyncio.Event(), asyncio.Event()

    async def slowly(connection: OneTripConnection) -> None:
        began.set()
        await goes_on.wait()
        await real(connection)

    async def add_first() -> None:
        async with group.write() as connection:
            await connection.execute(customers.insert().values(id="first", created_at=now()))
            await asyncio.sleep(0)  # the next one comes to wait: the commit is left to it

    monkeypatch.setattr(OneTripConnection, "commit", slowly)
    first = asyncio.create_task(add_first())
    alone = asyncio.create_task(add(group, "alone", alone=True))
    await began.wait()
    alone.cancel()
    later = asyncio.create_task(add(group, "later"))
    await asyncio.wait([later], timeout=0.1)
    goes_on.set()
    results = await asyncio.gather(first, alone, later, return_exceptions=True)
    assert [type(result) for result in results if result] == [asyncio.CancelledError]
    assert on_disk(database) == {"first", "later"}


async def test_a_connection_lost_over_a_statement_that_was_called_off_is_an_outage_to_others(
    database: Database, group: GroupCommit, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = asyncio.Event()

    async def never(connection: OneTripConnection, *_work: object) -> None:
        began.set()
        await asyncio.Event().wait()

    async def add_first() -> None:
        async with group.write() as connection:
            await connection.execute(customers.insert().values(id="first", created_at=now()))
            await asyncio.sleep(0)  # the others come to wait, and share its commit

    async def add_large() -> None:
        async with group.write() as connection:
            large = {"file": bytes(LARGE + 1)}
            await connection.execute(sa.text("SELECT length(:file)"), large)

    with monkeypatch.context() as patched:
        patched.setattr(OneTripConnection, "in_thread", never)
        first = asyncio.create_task(add_first())
        large = asyncio.create_task(add_large())
        behind = asyncio.create_task(add(group, "behind"))
        await began.wait()
    large.cancel()
    results = await asyncio.gather(large, first, behind, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert all(isinstance(result, Exception) and is_outage(result) for result in results[1:])
    assert on_disk(database) == set()
    await add(group, "after")
    assert on_disk(database) == {"after"}
