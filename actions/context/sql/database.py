"""The shop's database behind SQLAlchemy: every use bounded in time; a read is of one moment, and
no more than a read.

Belongs to the event loop that first uses it.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import asyncpg
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from actions.context.errors import ShopMisconfigured, ShopUnavailable

SETTING = "WARMLINE_SHOP_DATABASE_URL"
_KEEP_CONNECTIONS = 4
_STEPS = 100_000  # of SQLite's machine: some milliseconds
_CHECK_AGAIN_SECONDS = 180  # firewalls forget connections that were silent for some minutes

# What connecting raises comes past SQLAlchemy; to SQLite two statements in one are a warning.
_FAILURES = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    sqlite3.Warning,
    OSError,
)

T = TypeVar("T")
Use = Callable[[sa.Connection], T]


class ShopDatabase:
    """The database of `url`, to read or to write; `timeout` is in seconds, for a whole use."""

    def __init__(self, url: str, *, timeout: float, writes: bool = False) -> None:
        self._url = _parsed(url)
        self._timeout = timeout
        self._is_file = self._url.get_backend_name() == "sqlite"
        if self._is_file:
            self._file = _file_engine(self._url, timeout, writes)
        else:
            self._server = _server_engine(self._url, timeout, writes)

    async def read(self, use: Use[T]) -> T:
        """What `use` makes of a connection that sees one moment and can change nothing.

        Raises ShopUnavailable, and what `use` raises.
        """
        return await self._answered(partial(self._used, use))

    async def write(
        self, to_file: Callable[[sa.Engine], T], to_server: Callable[[AsyncEngine], Awaitable[T]]
    ) -> T:
        """What one of the two makes of the database; each begins and commits by itself.

        Raises ShopUnavailable, after which nobody knows what was written, and what they raise.
        """
        if self._is_file:
            return await self._answered(partial(asyncio.to_thread, to_file, self._file))
        return await self._answered(partial(to_server, self._server))

    async def _answered(self, work: Callable[[], Awaitable[T]]) -> T:
        if self._is_file and not os.path.isfile(self._url.database or ""):  # noqa: ASYNC240  (20 µs)
            # SQLite would create an empty shop, and every order would seem not to exist.
            raise ShopUnavailable(
                f"the shop database {self._url.database!r} does not exist; start `warmline demo` "
                f"or set {SETTING}"
            )
        try:
            return await asyncio.wait_for(work(), self._timeout)
        except asyncio.TimeoutError as error:
            raise ShopUnavailable(
                f"the shop database did not answer within {self._timeout:g} s"
            ) from error
        except _FAILURES as error:
            # The driver's text may quote the row asked for, so only its kind is passed on.
            raise ShopUnavailable(
                f"the shop database could not be used ({type(error).__name__}); check {SETTING}"
            ) from error

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._is_file:
            self._file.dispose()
        else:
            await self._server.dispose()

    async def _used(self, use: Use[T]) -> T:
        if self._is_file:
            # One trip to a thread for a whole read; an async driver makes four a statement.
            return await asyncio.to_thread(self._used_file, use)
        async with self._server.connect() as connection:
            return await connection.run_sync(use)

    def _used_file(self, use: Use[T]) -> T:
        with self._file.connect() as connection:
            _stop_at(connection, time.monotonic() + self._timeout)
            connection.exec_driver_sql("BEGIN")  # or each statement would see another moment
            return use(connection)


def _stop_at(connection: sa.Connection, deadline: float) -> None:
    """A thread cannot be cancelled, so a statement in it looks at the clock itself. Otherwise a few
    that never end would take all the threads there are."""
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise _unusable() from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise _unusable()
    return parsed


def _unusable() -> ShopMisconfigured:
    return ShopMisconfigured(
        "not a database address we can use",
        where=SETTING,
        cure="Use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE.",
    )


def _file_engine(url: URL, timeout: float, writes: bool) -> sa.Engine:
    # SQLite's own wait for a lock cannot be cancelled, so it has to end before ours does.
    engine = sa.create_engine(
        url.set(drivername="sqlite"),
        connect_args={"timeout": timeout / 2},
        pool_size=_KEEP_CONNECTIONS,
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA {'foreign_keys' if writes else 'query_only'} = ON")

    return engine


def _server_engine(url: URL, timeout: float, writes: bool) -> AsyncEngine:
    # The address goes to asyncpg as it is, so it may say all that libpq's may, such as `sslmode`.
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    told = {
        "application_name": "warmline",
        "default_transaction_read_only": "off" if writes else "on",
        "statement_timeout": str(int(timeout * 1000)),
    }
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        async_creator=partial(asyncpg.connect, address, timeout=timeout, server_settings=told),
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
        pool_size=_KEEP_CONNECTIONS,
        pool_recycle=_CHECK_AGAIN_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
    )
