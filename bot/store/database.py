"""Opening the database, and the unit of work: one short transaction around each use case."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    nullcontext,
)
from functools import partial
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics
from bot.clock import now
from bot.errors import SetupError
from bot.store import postgresql
from bot.store.agents import Agents
from bot.store.api_tokens import ApiTokens
from bot.store.audit_log import AuditLog
from bot.store.blocks import Blocks
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
from bot.store.erasures import Erasures
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
from bot.store.personal_data import PersonalData
from bot.store.retention import Retention
from bot.store.reviews import Reviews
from bot.store.search import Search
from bot.store.senders import Senders
from bot.store.sign_ins import SignIns
from bot.store.signals import Signals
from bot.store.sqlite import sqlite_engine
from bot.store.staff import Staff
from bot.store.subscriptions import Subscriptions
from bot.store.suggestions import Suggestions
from bot.store.surveys import Surveys
from bot.store.tags import Tags
from bot.store.traces import Traces
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
T = TypeVar("T")
_WAITED_TO_READ = metrics.database_wait_seconds.labels(kind="read")
_WAITED_TO_WRITE = metrics.database_wait_seconds.labels(kind="write")
_AS_IT_IS = sa.text("UPDATE alembic_version SET version_num = version_num")


class _Repository(Generic[T]):
    """A repository of a unit of work, made when it is first asked for: most need three of some
    fifty."""

    def __init__(self, make: Callable[[UnitOfWork], T]) -> None:
        self._make = make

    def __set_name__(self, owner: type[UnitOfWork], name: str) -> None:
        self._name = name

    def __get__(self, uow: UnitOfWork, owner: type[UnitOfWork]) -> T:
        made = vars(uow)[self._name] = self._make(uow)
        return made


def _over(kind: Callable[[AsyncConnection], T]) -> _Repository[T]:
    return _Repository(lambda uow: kind(uow.connection))


def _telling(kind: Callable[[AsyncConnection, Occasions], T]) -> _Repository[T]:
    """One that notes what others want to be told."""
    return _Repository(lambda uow: kind(uow.connection, uow.occasions))


class UnitOfWork:
    """The repositories over one connection and its open transaction."""

    agents = _over(Agents)
    api_tokens = _over(ApiTokens)
    audit_log = _over(AuditLog)
    blocks = _over(Blocks)
    canned_replies = _over(CannedReplies)
    contact_days = _over(ContactDays)
    contacts = _over(Contacts)
    conversations = _telling(Conversations)
    customers = _over(Customers)
    effects = _over(Effects)
    dead_letters = _over(DeadLetters)
    discoveries = _over(Discoveries)
    drift_days = _over(DriftDays)
    early_receipts = _over(EarlyReceipts)
    erasures = _over(Erasures)
    files = _over(Files)
    handoffs = _telling(Handoffs)
    joins = _over(Joins)
    labels = _over(Labels)
    leases = _over(Leases)
    mentions = _over(Mentions)
    messages = _telling(Messages)
    models = _over(Models)
    new_intents = _over(NewIntents)
    must_pass = _over(MustPassExamples)
    notices = _over(Notices)
    offers = _over(Offers)
    one_time_codes = _over(OneTimeCodes)
    opt_outs = _over(OptOuts)
    outbox = _telling(Outbox)
    password_links = _over(PasswordLinks)
    past_answers = _over(PastAnswers)
    past_turns = _over(PastTurns)
    personal = _over(PersonalData)
    retention = _over(Retention)
    reviews = _over(Reviews)
    search = _over(Search)
    senders = _over(Senders)
    sign_ins = _over(SignIns)
    signals = _over(Signals)
    staff = _over(Staff)
    subscriptions = _over(Subscriptions)
    suggestions = _over(Suggestions)
    surveys = _over(Surveys)
    tags = _telling(Tags)
    traces = _over(Traces)
    trackers = _over(Trackers)
    turn_log = _over(TurnLog)
    turn_views = _over(TurnViews)
    turns = _over(Turns)
    wrap_ups = _over(WrapUps)

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.occasions = Occasions()


class Database:
    """Readers and writers over the same database.

    SQLite has one writer at a time. It gets a connection of its own whose transactions start with
    BEGIN IMMEDIATE, so that a check and the write it guards cannot be torn apart, and those who
    write at the same time share a commit. PostgreSQL has many; there whoever checks before writing
    locks the row first.
    """

    _group: GroupCommit | None
    _write: Callable[[], AbstractAsyncContextManager[AsyncConnection]]
    _write_alone: Callable[[], AbstractAsyncContextManager[AsyncConnection]]

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.noticed = asyncio.Event()  # set when notices were committed
        self.listeners = Listeners()
        if self.url.get_backend_name() == "sqlite":
            # One is the writer's; the other is for whoever changes the file past it, as an upgrade.
            self.writer = sqlite_engine(self.url, writes=True, pool_size=2)
            self.reader = sqlite_engine(self.url, writes=False, pool_size=4)
            self.glancer = sqlite_engine(self.url, writes=False, pool_size=1, trips=False)
            self.migrator = self.writer
            self._group = GroupCommit(self.writer)
            self._write = self._group.write
            self._write_alone = partial(self._write, alone=True)
        else:
            self.writer = postgresql.writing(self.url)
            self.reader = self.glancer = postgresql.reading(self.url)
            self.migrator = postgresql.migrating(self.url)
            self._group = None
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
        asked = time.perf_counter()
        async with self._write() as connection:
            _WAITED_TO_WRITE.observe(time.perf_counter() - asked)
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
        asked = time.perf_counter()
        async with self.reader.connect() as connection:
            _WAITED_TO_READ.observe(time.perf_counter() - asked)
            yield UnitOfWork(connection)

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[UnitOfWork]:
        """The same, for what finds a row or two by their keys: it waits behind no long read, and
        SQLite needs no thread for it."""
        async with self.glancer.connect() as connection:
            yield UnitOfWork(connection)

    async def check(self) -> None:
        """Look for a turn to take, and write a row as it is, to the disk. Raises what the database
        does while it cannot do both: a full disk still lets itself be read."""
        async with self.read() as uow:
            await uow.turns.untaken(at=now(), limit=1)
        async with self._write() as connection:
            await connection.execute(_AS_IT_IS)

    async def aclose(self) -> None:
        if self._group is not None:
            await self._group.aclose()
        await self.writer.dispose()
        await self.reader.dispose()
        await self.glancer.dispose()


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
