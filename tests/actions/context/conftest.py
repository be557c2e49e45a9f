"""Demo shops in a SQLite file and in a PostgreSQL database, made once for a file of tests."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from actions.context.sql import SqlShop
from tests.actions.context.demo_shop import DemoShop
from tests.actions.context.seeded import seeded_database as seeded_database
from tests.actions.context.seeded import seeded_file as seeded_file
from tests.actions.context.shops import fill, opened
from tests.postgresql import PostgresqlServer


@pytest.fixture(scope="module")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A demo shop that nobody changes."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('shop') / 'shop.db'}"
    asyncio.run(fill(url))
    return url


@pytest.fixture(scope="module")
def postgresql_url(postgresql: PostgresqlServer) -> Iterator[str]:
    """The same in PostgreSQL."""
    with postgresql.new_database() as url:
        asyncio.run(fill(url))
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def seeded_url(request: pytest.FixtureRequest) -> str:
    """One after the other."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def shop(seeded_url: str) -> AsyncIterator[SqlShop]:
    """The shop in either of them."""
    async with opened(seeded_url) as shop:
        yield shop


@pytest.fixture
def copied_url(sqlite_url: str, tmp_path: Path) -> str:
    """A demo shop of the test's own, to be changed."""
    copy = tmp_path / "shop.db"
    shutil.copy(sqlite_url.removeprefix("sqlite+aiosqlite:///"), copy)
    return f"sqlite+aiosqlite:///{copy}"


@pytest.fixture(params=["sqlite", "postgresql"])
def changing_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """A demo shop of the test's own in each kind of database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("seeded_file"), tmp_path / "shop.db")
        yield make_url(f"sqlite:///{tmp_path / 'shop.db'}")
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with server.new_database(template=request.getfixturevalue("seeded_database")) as url:
        yield make_url(url).set(drivername="postgresql+asyncpg")


@pytest.fixture
async def demo_shop(changing_url: URL) -> AsyncIterator[DemoShop]:
    """What that shop's own systems do."""
    if changing_url.get_backend_name() == "sqlite":
        file = sa.create_engine(changing_url)
        yield DemoShop(file)
        file.dispose()
    else:
        server = create_async_engine(changing_url)
        yield DemoShop(server)
        await server.dispose()
