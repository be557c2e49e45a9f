"""The demo shop as it is before anybody changes it, to be copied, in a database of each kind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.actions.context.shops import fill
from tests.postgresql import PostgresqlServer


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo shop in a SQLite file, to be copied."""
    path: Path = tmp_path_factory.mktemp("seeded") / "shop.db"
    _fill_aside(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def seeded_database(postgresql: PostgresqlServer) -> Iterator[str]:
    """The same in PostgreSQL; its name, to be copied."""
    with postgresql.new_database() as url:
        _fill_aside(url)
        yield make_url(url).database or ""


def _fill_aside(url: str) -> None:
    # In a thread, because a test's own event loop may be waiting in this one.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, fill(url)).result()
