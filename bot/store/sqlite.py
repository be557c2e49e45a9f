"""SQLite behind SQLAlchemy's asyncio, with one trip to the database's thread a statement.

aiosqlite makes four (cursor, execute, fetch, close), each waking the event loop: at thirty
statements a turn that was half of the turn's time. Here a statement and its rows are one trip.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import aiosqlite
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_SECONDS = 30.0
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def sqlite_engine(url: URL, *, begin: str, pool_size: int) -> AsyncEngine:
    """An engine whose transactions start with `begin`, and whose results are fetched whole."""
    path = url.database or ":memory:"
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        # Every transaction is ended by its own block: a second roll-back would only cost a trip.
        pool_reset_on_return=None,
        async_creator=partial(_connect, path),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


async def _connect(path: str, *_args: object, **_kwargs: object) -> OneTripConnection:
    def open_file() -> sqlite3.Connection:
        # Without an isolation level the driver begins no transactions of its own: they would be
        # deferred ones, and two writers could both get past a check.
        return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)

    connection = OneTripConnection(open_file, iter_chunk_size=64)
    connection._thread.daemon = True
    await connection
    return connection


class OneTripConnection(aiosqlite.Connection):
    """Hands out cursors without a trip to the thread."""

    async def cursor(self) -> OneTripCursor:  # type: ignore[override]
        return OneTripCursor(self)

    async def in_thread(self, work: Callable[..., None], *arguments: object) -> None:
        """Do the work in the thread that alone may touch the file."""
        await self._execute(work, *arguments)  # type: ignore[no-untyped-call]


class OneTripCursor:
    """The part of a cursor that SQLAlchemy uses: rows arrive with the execution."""

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        await self._connection.in_thread(self._run, sql, parameters)

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        await self._connection.in_thread(self._run_many, sql, parameters)

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """The real cursor was closed in the thread."""

    def _run(self, sql: str, parameters: Sequence[Any]) -> None:
        cursor = self._connection._conn.execute(sql, parameters)
        self.description = cursor.description
        if cursor.description:
            self._rows = cursor.fetchall()
        self._note(cursor)

    def _run_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        self._note(self._connection._conn.executemany(sql, parameters))

    def _note(self, cursor: sqlite3.Cursor) -> None:
        self.lastrowid = cursor.lastrowid
        self.rowcount = cursor.rowcount
        cursor.close()
