"""Opening the database, and the unit of work: one short transaction around each use case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SetupError
from bot.store.conversations import Conversations
from bot.store.customers import Customers
from bot.store.handoffs import Handoffs
from bot.store.messages import Messages
from bot.store.outbox import Outbox
from bot.store.sqlite import sqlite_engine
from bot.store.staff import Staff
from bot.store.trackers import Trackers
from bot.store.turns import Turns

DRIVERS = {"sqlite": "sqlite+aiosqlite"}


class UnitOfWork:
    """The repositories over one connection and its open transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.conversations = Conversations(connection)
        self.customers = Customers(connection)
        self.handoffs = Handoffs(connection)
        self.messages = Messages(connection)
        self.outbox = Outbox(connection)
        self.staff = Staff(connection)
        self.trackers = Trackers(connection)
        self.turns = Turns(connection)


class Database:
    """Readers and one writer over the same database.

    SQLite has one writer at a time. It gets a connection of its own whose transactions start with
    BEGIN IMMEDIATE, so that a check and the write it guards cannot be torn apart.
    """

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.writer = sqlite_engine(self.url, begin="BEGIN IMMEDIATE", pool_size=1)
        self.reader = sqlite_engine(self.url, begin="BEGIN", pool_size=4)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that commits when the block ends and rolls back when it raises."""
        async with self.writer.begin() as connection:
            yield UnitOfWork(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """One consistent view; nothing is written."""
        async with self.reader.connect() as connection:
            yield UnitOfWork(connection)

    async def aclose(self) -> None:
        await self.writer.dispose()
        await self.reader.dispose()


def parse_url(url: str) -> URL:
    """The URL with the asynchronous driver we ship for its database."""
    try:
        parsed = make_url(url)
        driver = DRIVERS[parsed.get_backend_name()]
    except (ArgumentError, KeyError) as error:
        raise SetupError(
            "not a database address we can use",
            where="WARMLINE_DATABASE_URL",
            cure="Use sqlite:///PATH, or leave it unset for a file in the data folder.",
        ) from error
    return parsed.set(drivername=driver)
