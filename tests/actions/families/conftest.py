"""The demo shop's tables, and a policy that a test may edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from actions.policy import DEFAULT
from tests.actions.conftest import Talk

#: The fixture `customer`.
Customer = Callable[..., Talk]


@dataclass(frozen=True, slots=True)
class ShopFile:
    """The demo shop's tables, as its own systems see them."""

    engine: sa.Engine

    def set_order(self, number: str, **values: Any) -> None:
        """What became of the order meanwhile."""
        self.run(sa.update(tables.orders).where(tables.orders.c.number == number).values(values))

    def order(self, number: str) -> Any:
        """The order's row."""
        return self.rows(sa.select(tables.orders).where(tables.orders.c.number == number))[0]

    def rows(self, query: sa.Select[Any]) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(query))

    def run(self, statement: sa.Executable) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A copy of the shop's policy."""

    path: Path

    def put(self, before: str, after: str) -> None:
        """Edit a line."""
        text = self.path.read_text(encoding="utf-8")
        assert text.count(before) == 1
        self.path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def shop_file(shop_url: str) -> Iterator[ShopFile]:
    engine = sa.create_engine(shop_url.replace("+aiosqlite", ""))
    yield ShopFile(engine)
    engine.dispose()


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PolicyFile:
    path = tmp_path / "policy.yml"
    path.write_text(DEFAULT.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("WARMLINE_POLICY_FILE", str(path))
    return PolicyFile(path)
