"""What the tests share: a trained model, loaded once, and a server that runs the real thing."""

from __future__ import annotations

import asyncio
import atexit
import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from actions.context import reading
from actions.context.sql import shop as sql_shop
from bot import demo, passwords
from bot.app import SERVICES, running
from bot.assistant import tensorflow
from bot.assistant.model import load_assistant, newest_model, quiet
from bot.assistant.training import Project, train
from bot.live_model import Assistant
from bot.operations.logs import OURS
from bot.services import Services
from bot.settings import Settings, load_settings
from bot.store import postgresql as postgresql_engine
from bot.store.database import Database, parse_url
from bot.store.schema import upgrade
from tests.client import PATIENCE_SECONDS, Warmline
from tests.demo_shop import DemoShop
from tests.postgresql import PostgresqlServer, postgresql_server
from tests.redis_server import RedisServer, redis_server

ROOT = Path(__file__).parents[1]

# Before any test imports rasa: as in the product, TensorFlow stays out.
tensorflow.leave_out()
quiet()
# A machine that stands still for a moment has no slow code.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=3, help="random kills in tests/faults, over each database"
    )


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """A busy machine makes no shop slow, and no database: a test that is about time-outs sets its
    own."""
    limits = dict.fromkeys(postgresql_engine.LIMITS, f"{PATIENCE_SECONDS:.0f}s")
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(postgresql_engine, "LIMITS", limits)
        patient.setattr(postgresql_engine, "CONNECT_SECONDS", PATIENCE_SECONDS)
        patient.setattr(postgresql_engine, "WAIT_FOR_CONNECTION_SECONDS", PATIENCE_SECONDS)
        patient.setattr(postgresql_engine, "COMMAND_SECONDS", 2 * PATIENCE_SECONDS)
        patient.setattr(reading, "RECOGNISING_SECONDS", PATIENCE_SECONDS)
        patient.setattr(reading, "EXTRA_SECONDS", PATIENCE_SECONDS)
        patient.setattr(sql_shop, "READ_TIMEOUT", PATIENCE_SECONDS)
        yield


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """A command that a test runs in this process configures the log of it: for that test only."""
    root = logging.getLogger()
    loggers = (root, *map(logging.getLogger, OURS))
    levels, handlers = [logger.level for logger in loggers], set(root.handlers)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    for handler in set(root.handlers) - handlers:
        root.removeHandler(handler)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own model, trained by whichever process of this run comes first."""
    # Each process of a run has a folder of its own in the run's.
    models = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        models = models.parent
    models /= "models"
    models.mkdir(exist_ok=True)
    with (models / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return newest_model(models) or train(Project(ROOT, models), lambda component: None).model


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> DemoShop:
    return DemoShop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def shop_url(demo_shop: DemoShop, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A demo shop in a file, shared by the tests of one module."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    shutil.copy(demo_shop.path(), path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def assistant(model: Path) -> Iterator[Assistant]:
    """The model, loaded once for the whole run."""
    loaded: Assistant = load_assistant(model, ROOT / "endpoints.yml")
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server for the whole run, started when the first test asks for it."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis(shared_redis: RedisServer) -> RedisServer:
    """The same, empty and running."""
    shared_redis.flush()
    return shared_redis


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A real PostgreSQL, started when the first test asks for it."""
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgresql: PostgresqlServer) -> Iterator[str]:
    """The name of a database with our schema and nothing in it, to be copied by each test."""
    # In a thread, because a test's own event loop may be waiting in this one.
    with postgresql.new_database() as url, ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, _migrate(url)).result()
        yield parse_url(url).database or ""


def put_migrated(folder: Path) -> None:
    """A database with our schema and nothing in it where a server over this folder looks for one:
    a copy takes a tenth of what the migrations do."""
    shutil.copy(_migrated_file(), folder / "warmline.db")


@cache
def _migrated_file() -> Path:
    path = Path(tempfile.mkdtemp(prefix="warmline-migrated-")) / "warmline.db"
    atexit.register(shutil.rmtree, path.parent)
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, _migrate(f"sqlite:///{path}")).result()
    return path


async def _migrate(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await database.aclose()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own: SQLite, unless the test is marked `over_both_databases`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        put_migrated(tmp_path)
        yield f"sqlite:///{tmp_path / 'warmline.db'}"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with server.new_database(template=request.getfixturevalue("migrated")) as url:
        yield url


over_both_databases = pytest.mark.parametrize(
    "database_url", ["sqlite", "postgresql"], indirect=True
)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """A demo in a folder of its own, over the project's own files."""
    options = {"data_dir": str(tmp_path), "database_url": database_url}
    return load_settings(options, demo=True, project=ROOT, environment={})


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """By argon2's cheapest parameters: most tests sign somebody in, and at the product's own that
    is half of what such a test computes."""
    cheapest = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as cheap:
        cheap.setattr(passwords, "HASHER", cheapest)
        yield


@cache
def _hashed() -> str:
    return passwords.HASHER.hash(demo.PASSWORD)


@asynccontextmanager
async def serving(settings: Settings, assistant: Assistant) -> AsyncIterator[Warmline]:
    """The whole server over HTTP, with the demo's people."""
    async with running(settings, assistant=assistant) as app:
        await demo.add_staff(app[SERVICES].database, _hashed())
        async with TestClient(TestServer(app)) as client:
            yield Warmline(client, app)


@pytest.fixture
async def warmline(
    settings: Settings, assistant: Assistant, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Warmline]:
    """The whole server, with the demo shop."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    async with serving(settings, assistant) as running_server:
        yield running_server


@pytest.fixture
async def warmline_with_own_shop(
    settings: Settings,
    assistant: Assistant,
    shop_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Warmline]:
    """The whole server, with a demo shop that nobody else looks into: for tests that change it."""
    shop_file = tmp_path / "own_shop.db"
    await asyncio.to_thread(shutil.copy, shop_url.partition(":///")[2], shop_file)
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", f"sqlite+aiosqlite:///{shop_file}")
    async with serving(settings, assistant) as running_server:
        yield running_server


@pytest.fixture
async def warmline_without_shop(
    settings: Settings, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Warmline]:
    """The whole server, with a shop whose system is away."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", "sqlite+aiosqlite:////nowhere/shop.db")
    async with serving(settings, assistant) as running_server:
        yield running_server


@pytest.fixture
def services(warmline: Warmline) -> Services:
    """The running server's own services."""
    return warmline.app[SERVICES]
