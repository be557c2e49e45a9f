"""Processes of the real program over one database, with a provider, a bank, and who writes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from bot.settings import load_settings
from tests.bot.rolling import Gateways
from tests.bot.test_restart import free_port, project
from tests.client import eventually
from tests.faults.bank import ASKED, FakeBank, bank
from tests.faults.crowd import Customer, Texter, Visitor
from tests.faults.kill_points import Doom
from tests.faults.program import Program, Start
from tests.faults.reckoning import PUSHED, Books, Reckoning, books, reckon
from tests.postgresql import PostgresqlServer
from tests.provider import FakeProvider, provider

__all__ = ["deploy", "project", "refunding"]

SETTLED_SECONDS = 120.0
LOOK_SECONDS = 0.1
SECRET = "every process reads the others' tokens"


@dataclass
class Deployment:
    """What runs, and everybody who wrote to it."""

    database_url: str
    programs: list[Program]
    providers: Mapping[str, FakeProvider]  # by channel
    bank: FakeBank
    doom: Doom | None
    customers: list[Customer]
    over: asyncio.Event
    _session: aiohttp.ClientSession
    _ports: tuple[int, ...]

    def customer(self, channel: str) -> Customer:
        """Another one, on `web`, `acme` or `blind`."""
        number = len(self.customers)
        gateways = Gateways(self._ports, number % len(self._ports), self.over)
        customer: Customer = Visitor(gateways, self._session)
        if channel != "web":
            address, theirs = f"{channel} {number}", self.providers[channel]
            customer = Texter(gateways, self._session, channel, address, theirs)
        self.customers.append(customer)
        return customer

    async def doomed(self) -> Program:
        """The process that has killed itself, once it has."""
        doom = self.doom
        assert doom is not None

        async def marked() -> Program | None:
            pid = doom.marker.read_text() if doom.marker.exists() else ""
            return next((each for each in self.programs if str(each.pid) == pid), None)

        program = await eventually(marked)
        assert await program.ended() == -signal.SIGKILL
        return program

    async def settled(self, *, seconds: float = SETTLED_SECONDS) -> Books:
        """The books, once nothing is on its way."""

        async def all_done() -> Books | None:
            await asyncio.sleep(LOOK_SECONDS)
            found = await books(self.database_url)
            return found if found.settled else None

        return await eventually(all_done, patience=seconds)

    def reckon(self, found: Books) -> Reckoning:
        said = [one for customer in self.customers for one in customer.said]
        return reckon(found, said, self.providers.values(), self.bank.refunds())

    async def doubled_web_lines(self) -> int:
        """Lines that a widget would show twice, as the same line or as a second answer."""
        doubled = 0
        for customer in self.customers:
            if isinstance(customer, Visitor):
                lines = await customer.lines()
                answered = [line["in_reply_to"] for line in lines if line["author"] == "bot"]
                doubled += len(lines) - len({line["id"] for line in lines})
                doubled += len(answered) - len(set(answered))
        return doubled


Deploy = Callable[..., AbstractAsyncContextManager[Deployment]]


@pytest.fixture
def refunding(project: Path) -> Path:
    """The project, with refunds in the place of telling where an order is."""
    endpoints = project / "endpoints.yml"
    endpoints.unlink()
    endpoints.write_text("action_endpoint: {actions_module: tests.faults.refunds}\n")
    return project


@pytest.fixture
def deploy(
    request: pytest.FixtureRequest,
    refunding: Path,
    shop_url: str,
    database_url: str,
    tmp_path: Path,
) -> Deploy:
    """Starts one process over a SQLite, or two over a PostgreSQL and a Redis, as the test's own
    database is; each deployment has another. `kind` is the bank's, `point` where one is killed."""
    numbers = count()

    @asynccontextmanager
    async def deployed(*, kind: str = ASKED, point: str | None = None) -> AsyncIterator[Deployment]:
        number = next(numbers)
        folder = tmp_path / f"deployment {number}"
        folder.mkdir()
        with ExitStack() as stack:
            if database_url.startswith("sqlite"):
                url, redis_url = f"sqlite:///{folder / 'warmline.db'}", None
            else:
                server: PostgresqlServer = request.getfixturevalue("postgresql")
                template = request.getfixturevalue("migrated")
                url = stack.enter_context(server.new_database(template))
                redis_url = request.getfixturevalue("redis").url_of(number)
            async with running(
                Place(refunding, folder, shop_url, url, redis_url), kind=kind, point=point
            ) as it:
                yield it

    return deployed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deployment's files and servers are."""

    project: Path
    folder: Path
    shop_url: str
    database_url: str
    redis_url: str | None


@asynccontextmanager
async def running(
    place: Place, *, kind: str = ASKED, point: str | None = None
) -> AsyncIterator[Deployment]:
    """One process where there is no Redis, otherwise two; ready, and killed at the end."""
    async with AsyncExitStack() as stack:
        providers = {name: await stack.enter_async_context(provider()) for name in PUSHED}
        fake_bank = await stack.enter_async_context(bank(kind))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        doom = Doom(point, place.folder / "died") if point else None
        ports = tuple(free_port() for _ in range(2 if place.redis_url else 1))
        programs = []
        for start in _starts(place, ports, providers, fake_bank, doom):
            programs.append(Program(start))
            stack.push_async_callback(programs[-1].finish)
        await asyncio.gather(*(program.ready() for program in programs))
        url, over = place.database_url, asyncio.Event()
        yield Deployment(url, programs, providers, fake_bank, doom, [], over, session, ports)


def _starts(
    place: Place,
    ports: tuple[int, ...],
    providers: Mapping[str, FakeProvider],
    fake_bank: FakeBank,
    doom: Doom | None,
) -> list[Start]:
    credentials = place.folder / "credentials.yml"
    channels = [f'{name}: {{url: "{each.url}"}}' for name, each in providers.items()]
    credentials.write_text("\n".join(["web: {}", *channels]))
    options = {
        "data_dir": str(place.folder),
        "credentials": str(credentials),
        "database_url": place.database_url,
        "redis_url": place.redis_url,
        "secret_key": SECRET,
    }
    settings = load_settings(options, demo=False, project=place.project, environment={})
    environment = {
        "BANK": fake_bank.kind,
        "BANK_URL": fake_bank.url,
        "WARMLINE_SHOP_DATABASE_URL": place.shop_url,
    }
    return [
        Start(replace(settings, port=port), environment, place.folder / f"{port}.log", doom)
        for port in ports
    ]
