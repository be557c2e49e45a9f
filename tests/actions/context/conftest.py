"""The demo shop over a database of each kind: to be changed, or only to be read."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.context.sql import SqlShop
from tests.actions.context.demo_shop import demo_shop as demo_shop
from tests.actions.context.demo_shop import demo_shop_url as demo_shop_url
from tests.actions.context.demo_shop import seeded_database as seeded_database
from tests.actions.context.demo_shop import seeded_file as seeded_file
from tests.actions.context.shops import opened
from tests.postgresql import PostgresqlServer


@pytest.fixture
def sqlite_url(seeded_file: Path) -> str:
    """A demo shop that nobody changes."""
    return f"sqlite:///{seeded_file}"


@pytest.fixture
def postgresql_url(postgresql: PostgresqlServer, seeded_database: str) -> str:
    """The same in PostgreSQL."""
    return postgresql.url(seeded_database)


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
def copied_url(seeded_file: Path, tmp_path: Path) -> str:
    """A demo shop of the test's own, in a file."""
    shutil.copy(seeded_file, tmp_path / "shop.db")
    return f"sqlite:///{tmp_path / 'shop.db'}"
