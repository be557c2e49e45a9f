"""Opening the database, and the unit of work: one short transaction around each use case."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    nullcontext,
)
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import now
from bot.errors import SetupError
from bot.store import postgresql
from bot.store.agents import Agents
from bot.store.api_tokens import ApiTokens
from bot.store.audit_log import AuditLog
from bot.store.canned_replies import CannedReplies
from bot.store.contact_days import ContactDays
from bot.store.contacts import Contacts
from bot.store.conversations import Conversations
from bot.store.customers import Customers
from bot.store.dead_letters import DeadLetters
from bot.store.discoveries import Discoveries
from bot.store.drift_days import DriftDays
from bot.store.early_receipts import EarlyReceipts
from bot.store.effects import Effects
from bot.store.exclusive import held_alone
from bot.store.files import Files
from bot.store.group_commit import GroupCommit
from bot.store.handoffs import Handoffs
from bot.store.joins import Joins
from bot.store.labels import Labels
from bot.store.leases import Leases
from bot.store.listeners import Listeners
from bot.store.mentions import Mentions
from bot.store.messages import Messages
from bot.store.models import Models
from bot.store.must_pass import MustPassExamples
from bot.store.new_intents import NewIntents
from bot.store.notices import Notices
from bot.store.occasions import Occasions
from bot.store.offers import Offers
from bot.store.one_time_codes import OneTimeCodes
from bot.store.opt_outs import OptOuts
from bot.store.outbox import Outbox
from bot.store.password_links import PasswordLinks
from bot.store.past_answers import PastAnswers
from bot.store.past_turns import PastTurns
from bot.store.reviews import Reviews
from bot.store.search import Search
from bot.store.sign_ins import SignIns
from bot.store.signals import Signals
from bot.store.sqlite import sqlite_engine
from bot.store.staff import Staff
from bot.store.subscriptions import Subscriptions
from bot.store.suggestions import Suggestions
from bot.store.surveys import Surveys
from bot.store.tags import Tags
from bot.store.trackers import Trackers
from bot.store.turn_log import TurnLog
from bot.store.turn_views import TurnViews
from bot.store.turns import Turns
from bot.store.wrap_ups import WrapUps

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_AS_IT_IS = sa.text("UPDATE alembic_version SET version_num = version_num")


class UnitOfWork:
    """The repositories over one connection and its open transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.occasions = Occasions()
        self.agents = Agents(connection)
        self.api_tokens = ApiTokens(connection)
        self.audit_log = AuditLog(connection)
        self.canned_replies = CannedReplies(connection)
        self.contact_days = ContactDays(connection)
        self.contacts = Contacts(connection)
        self.conversations = Conversations(connection, self.occasions)
        self.customers = Customers(connection)
        self.effects = Effects(connection)
        self.dead_letters = DeadLetters(connection)
        self.discoveries = Discoveries(connection)
        self.drift_days = DriftDays(connection)
        self.early_receipts = EarlyReceipts(connection)
        self.files = Files(connection)
        self.handoffs = Handoffs(connection, self.occasions)
        self.joins = Joins(connection)
        self.labels = Labels(connection)
        self.leases = Leases(connection)
        self.mentions = Mentions(connection)
        self.messages = Messages(connection, self.occasions)
        self.models = Models(connection)
        self.new_intents = NewIntents(connection)
        self.must_pass = MustPassExamples(connection)
        self.notices = Notices(connection)
        self.offers = Offers(connection)
        self.one_time_codes = OneTimeCodes(connection)
        self.opt_outs = OptOuts(connection)
        self.outbox = Outbox(connection, self.occasions)
        self.password_links = PasswordLinks(connection)
        self.past_answers = PastAnswers(connection)
        self.past_turns = PastTurns(connection)
        self.reviews = Reviews(connection)
        self.search = Search(connection)
        self.sign_ins = SignIns(connection)
        self.signals = Signals(connection)
        self.staff = Staff(connection)
        self.subscriptions = Subscriptions(connection)
        self.suggestions = Suggestions(connection)
        self.surveys = Surveys(connection)
        self.tags = Tags(connection, self.occasions)
        self.trackers = Trackers(connection)
        self.turn_log = TurnLog(connection)
        self.turn_views = TurnViews(connection)
        self.turns = Turns(connection)
        self.wrap_ups = WrapUps(connection)


class Database:
    """Readers and writers over the same database.

    SQLite has one writer at a time. It gets a connection of its own whose transactions start with
    BEGIN IMMEDIATE, so that a check and the write it guards cannot be torn apart, and those who
    write at the same time share a commit. PostgreSQL has many; there whoever checks before writing
    locks the row first.
    """

    _write: Callable[[], AbstractAsyncContextManager[AsyncConnection]]
    _write_alone: Callable[[], AbstractAsyncContextManager[AsyncConnection]]

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.noticed = asyncio.Event()  # set when notices were committed
        self.listeners = Listeners()
        if self.url.get_backend_name() == "sqlite":
            self.writer = sqlite_engine(self.url, writes=True, pool_size=1)
            self.reader = sqlite_engine(self.url, writes=False, pool_size=4)
            self.migrator = self.writer
            self._write = GroupCommit(self.writer).write
            self._write_alone = partial(self._write, alone=True)
        else:
            self.writer = postgresql.writing(self.url)
            self.reader = postgresql.reading(self.url)
            self.migrator = postgresql.migrating(self.url)
            self._write = self._write_alone = self.writer.begin

    def served_alone(self) -> AbstractContextManager[None]:
        """Keep other serving processes out, where the database is made for one."""
        if self.url.get_backend_name() == "sqlite":
            return held_alone(self.url)
        return nullcontext()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that commits when the block ends and rolls back when it raises. What it did
        is noted for subscribers as part of it."""
        async with self._write() as connection:
            uow = UnitOfWork(connection)
            yield uow
            noticed = await self._note(uow)
        if noticed:
            self.noticed.set()

    @asynccontextmanager
    async def write_alone(self) -> AsyncIterator[UnitOfWork]:
        """The same, and what fails of others' writes does not fail it: for putting things right
        after such a failure."""
        async with self._write_alone() as connection:
            uow = UnitOfWork(connection)
            yield uow
            noticed = await self._note(uow)
        if noticed:
            self.noticed.set()

    async def _note(self, uow: UnitOfWork) -> bool:
        """Write a notice of what was done for whoever subscribed to it; whether there was any."""
        occasions = list(uow.occasions)
        if not occasions:
            return False
        return await uow.notices.add(occasions, await self.listeners.now(uow.subscriptions))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """One consistent view; nothing is written."""
        async with self.reader.connect() as connection:
            yield UnitOfWork(connection)

    async def check(self) -> None:
        """Look for a turn to take, and write a row as it is, to the disk. Raises what the database
        does while it cannot do both: a full disk still lets itself be read."""
        async with self.read() as uow:
            await uow.turns.untaken(at=now(), limit=1)
        async with self._write() as connection:
            await connection.execute(_AS_IT_IS)

    async def aclose(self) -> None:
        await self.writer.dispose()
        await self.reader.dispose()


def parse_url(url: str) -> URL:
    """The URL with the asynchronous driver we ship for its database."""
    try:
        parsed = make_url(url)
        driver = DRIVERS[parsed.get_backend_name()]
    except (ArgumentError, KeyError, ValueError) as error:
        raise SetupError(
            "not a database address we can use",
            where="WARMLINE_DATABASE_URL",
            cure="Use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE, or leave it unset"
            " for a file in the data folder.",
        ) from error
    if "+" in parsed.drivername and parsed.drivername != driver:
        raise SetupError(
            f"the driver of '{parsed.drivername}' is not the one we ship",
            where="WARMLINE_DATABASE_URL",
            cure=f"Write {driver.partition('+')[0]}://…, without a driver.",
        )
    return parsed.set(drivername=driver)
