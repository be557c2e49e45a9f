"""SQLite behind SQLAlchemy's asyncio, with few trips to the database's thread.

aiosqlite makes four a statement (cursor, execute, fetch, close), each waking the event loop, and
they cost more than what SQLite does meanwhile. Here a statement and its rows are one trip, and
what cannot wait for anything makes none: the statements of a write transaction change a few rows in
memory, and its beginning waits only if another process is writing. A commit, which waits for the
disk, makes a trip, and so does a read, which may look through a whole table, unless it is known
to find a row or two by their keys.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

import aiosqlite
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

BUSY_SECONDS = 30.0
BEGIN_READING = "BEGIN"
BEGIN_WRITING = "BEGIN IMMEDIATE"
WAIT_FOR_NOBODY = "PRAGMA busy_timeout = 0"
WRITE_AHEAD = "PRAGMA journal_mode=WAL"
PRAGMAS = ("synchronous=FULL", "foreign_keys=ON")
LOOK_SECONDS = 0.02
LARGE = 64 * 1024  # bytes


def sqlite_engine(url: URL, *, writes: bool, pool_size: int, trips: bool = True) -> AsyncEngine:
    """An engine whose results are fetched whole, and whose transactions lock the file at once if it
    `writes`; one that only reads makes no `trips` where all it is asked for is found by its key."""
    path = url.database or ":memory:"
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        # Errors are logged: what customers say is not.
        hide_parameters=True,
        # Every transaction is ended by its own block: a second roll-back would only cost a trip.
        pool_reset_on_return=None,
        async_creator=partial(_connect, path, writes, trips),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        if writes:
            cursor.execute(WAIT_FOR_NOBODY)  # unless in the thread
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        if not _driver_of(connection).begin_at_once():
            connection.exec_driver_sql(BEGIN_WRITING if writes else BEGIN_READING)

    return engine


async def run_plainly(connection: AsyncConnection, sql: str) -> None:
    """Run within a write transaction what has neither parameters nor rows, past all that SQLAlchemy
    does for a statement; what fails goes through it, for its error."""
    if not _driver_of(cast(Connection, connection.sync_connection)).ran_at_once(sql):
        await connection.exec_driver_sql(sql)


def _driver_of(connection: Connection) -> OneTripConnection:
    return cast(OneTripConnection, connection.connection.driver_connection)


async def _connect(
    path: str, writes: bool, trips: bool, *_args: object, **_kwargs: object
) -> OneTripConnection:
    def open_file() -> sqlite3.Connection:
        # Without an isolation level the driver begins no transactions of its own: they would be
        # deferred ones, and two writers could both get past a check.
        opened = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        _write_ahead(opened)
        return opened

    connection = OneTripConnection(open_file, iter_chunk_size=64)
    connection.writes, connection.trips = writes, trips
    connection._thread.daemon = True
    await connection
    return connection


def _write_ahead(opened: sqlite3.Connection) -> None:
    """For a new file, which another process may be making as well: of two that write to it first,
    SQLite turns one away without waiting."""
    ends = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            opened.execute(WRITE_AHEAD)
            return
        except sqlite3.Error as error:
            if "locked" not in str(error) or time.monotonic() > ends:
                opened.close()
                raise
        time.sleep(LOOK_SECONDS)


def _is_large(parameters: Sequence[Any]) -> bool:
    """Whether copying them takes longer than a trip to the thread, as a file does."""
    return any(isinstance(one, bytes) and len(one) > LARGE for one in parameters)


class OneTripConnection(aiosqlite.Connection):
    """Hands out cursors without a trip to the thread. One task uses it at a time, so whatever is
    done here instead of in the thread is done while the thread waits."""

    writes = False
    trips = True

    def waits_for_nothing(self, sql: str) -> bool:
        """Whether the statement needs no trip."""
        if self.writes:
            self._check_not_rolled_back(sql)
            return self._conn.in_transaction
        return not self.trips

    def _check_not_rolled_back(self, sql: str) -> None:
        # On a full or broken disk SQLite itself rolls back. What came next would be written one by
        # one, and a commit of nothing would succeed.
        if not self._conn.in_transaction and not sql.startswith("PRAGMA"):
            raise sqlite3.OperationalError("the transaction was rolled back by the database")

    async def commit(self) -> None:
        if self.writes:
            self._check_not_rolled_back("COMMIT")
        await super().commit()

    def begin_at_once(self) -> bool:
        """Begin a transaction; False if it cannot be, as when somebody else has locked the file."""
        return self._did(BEGIN_WRITING if self.writes else BEGIN_READING)

    def ran_at_once(self, sql: str) -> bool:
        """Run it within the transaction; False if it failed, or there is none."""
        return self._conn.in_transaction and self._did(sql)

    def _did(self, sql: str) -> bool:
        try:
            self._conn.execute(sql)
        except sqlite3.Error:
            return False
        return True

    def begin_when_free(self) -> None:
        """Lock the file, however long somebody else has it: in the thread."""
        self._conn.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")
        try:
            self._conn.execute(BEGIN_WRITING)
        finally:
            self._conn.execute(WAIT_FOR_NOBODY)

    async def rollback(self) -> None:
        if self.writes:
            await super().rollback()
        else:
            self._conn.rollback()  # the end of a read, which changed nothing

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
        if sql == BEGIN_WRITING:
            await self._connection.in_thread(self._connection.begin_when_free)
        elif self._connection.waits_for_nothing(sql) and not _is_large(parameters):
            self._run(sql, parameters)
        else:
            await self._connection.in_thread(self._run, sql, parameters)

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        if self._connection.waits_for_nothing(sql):
            self._run_many(sql, parameters)
        else:
            await self._connection.in_thread(self._run_many, sql, parameters)

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """The real cursor was closed with the execution."""

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
